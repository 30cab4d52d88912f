import JSONText
import NetModel

extension ObjectWriter {
    static func write(_ pod: Pod, to writer: inout JSONWriter) throws(DocumentWriterError) {
        try writer.object("spec") { (writer: inout JSONWriter) throws(DocumentWriterError) in
            try writer.field("nodeName", pod.nodeName)
            if pod.isHostNetwork {
                try writer.key("hostNetwork")
                try writer.boolean(true)
            }
            try containers(of: pod, to: &writer)
        }
        try writer.object("status") { (writer: inout JSONWriter) throws(DocumentWriterError) in
            try writer.objects("podIPs", pod.addresses) {
                (writer: inout JSONWriter, address: IPAddress) throws(DocumentWriterError) in
                try writer.field("ip", address.description)
            }
            try writer.field("hostIP", pod.hostAddress?.description)
            try writer.field("startTime", pod.start)
            switch pod.end {
            case .running: break
            case .finishedAtUnknownTime: try writer.field("phase", "Succeeded")
            case .finished(let moment):
                try writer.field("phase", "Succeeded")
                try finished(moment, to: &writer)
            }
        }
    }

    /// A pod's ports in one container, and each probe in one of its own: which container has what is not kept.
    private static func containers(of pod: Pod, to writer: inout JSONWriter) throws(DocumentWriterError) {
        guard !pod.ports.isEmpty || !pod.probes.isEmpty else { return }
        try writer.key("containers")
        try writer.beginArray()
        try writer.beginObject()
        try writer.objects("ports", pod.ports) {
            (writer: inout JSONWriter, port: Pod.Port) throws(DocumentWriterError) in
            try writer.field("containerPort", port.port)
            try writer.field("protocol", port.transport.description)
            try writer.field("hostPort", port.hostPort)
            try writer.field("hostIP", port.hostAddress?.description)
        }
        try writer.endObject()
        for probe in pod.probes {
            try writer.beginObject()
            try writer.object("readinessProbe") { (writer: inout JSONWriter) throws(DocumentWriterError) in
                try writer.object("tcpSocket") { (writer: inout JSONWriter) throws(DocumentWriterError) in
                    try writer.field("port", probe.port)
                    try writer.field("host", probe.host?.description)
                }
            }
            try writer.endObject()
        }
        try writer.endArray()
    }

    private static func finished(_ moment: Timestamp, to writer: inout JSONWriter) throws(DocumentWriterError) {
        try writer.objects("containerStatuses", [moment]) {
            (writer: inout JSONWriter, moment: Timestamp) throws(DocumentWriterError) in
            try writer.object("state") { (writer: inout JSONWriter) throws(DocumentWriterError) in
                try writer.object("terminated") { (writer: inout JSONWriter) throws(DocumentWriterError) in
                    try writer.field("finishedAt", moment)
                }
            }
        }
    }
}
