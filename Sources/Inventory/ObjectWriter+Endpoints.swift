import JSONText
import NetModel

extension ObjectWriter {
    /// Writes an EndpointSlice, or an Endpoints object with its subsets.
    static func write(
        _ slices: [EndpointSlice],
        as kind: ObjectKind,
        to writer: inout JSONWriter
    ) throws(DocumentWriterError) {
        guard kind == .endpointSlice else {
            try writer.objects("subsets", slices) {
                (writer: inout JSONWriter, slice: EndpointSlice) throws(DocumentWriterError) in
                try writer.objects("addresses", slice.endpoints) {
                    (writer: inout JSONWriter, endpoint: EndpointSlice.Endpoint) throws(DocumentWriterError) in
                    try writer.field("ip", endpoint.address.description)
                    try target(endpoint, to: &writer)
                }
                try ports(slice.ports, to: &writer)
            }
            return
        }
        for slice in slices {
            try writer.objects("endpoints", slice.endpoints) {
                (writer: inout JSONWriter, endpoint: EndpointSlice.Endpoint) throws(DocumentWriterError) in
                try addresses("addresses", [endpoint.address], to: &writer)
                try target(endpoint, to: &writer)
            }
            try ports(slice.ports, to: &writer)
        }
    }

    private static func target(
        _ endpoint: EndpointSlice.Endpoint,
        to writer: inout JSONWriter
    ) throws(DocumentWriterError) {
        try writer.field("nodeName", endpoint.nodeName)
        guard let name = endpoint.podName else { return }
        try writer.object("targetRef") { (writer: inout JSONWriter) throws(DocumentWriterError) in
            try writer.field("kind", ObjectKind.pod.rawValue)
            try writer.field("namespace", endpoint.podNamespace)
            try writer.field("name", name)
        }
    }

    private static func ports(
        _ ports: [EndpointSlice.Port],
        to writer: inout JSONWriter
    ) throws(DocumentWriterError) {
        try writer.objects("ports", ports) {
            (writer: inout JSONWriter, port: EndpointSlice.Port) throws(DocumentWriterError) in
            try writer.field("name", port.name)
            try writer.field("port", port.port)
            try writer.field("protocol", port.transport.description)
        }
    }
}
