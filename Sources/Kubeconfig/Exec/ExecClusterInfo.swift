import JSONText
import Secrets

/// What a credential plugin is told: the `Cluster` of client.authentication.k8s.io, and what is around it.
enum ExecClusterInfo {
    /// The cluster as JSON. It is secret because a proxy's password may be in it, and whatever the extension holds.
    static func json(_ cluster: KubeconfigFile.Cluster, authority: [UInt8]) throws(KubeconfigError) -> Secret {
        try written { writer throws(DocumentWriterError) in
            try writer.beginObject()
            try writer.key("server")
            try writer.string(host(cluster.server))
            if !cluster.tlsServerName.isEmpty {
                try writer.key("tls-server-name")
                try writer.string(cluster.tlsServerName)
            }
            if cluster.insecureSkipTLSVerify {
                try writer.key("insecure-skip-tls-verify")
                try writer.boolean(true)
            }
            if !authority.isEmpty {
                try writer.key("certificate-authority-data")
                try writer.string(String(decoding: Base64.encoded(authority), as: UTF8.self))
            }
            if !cluster.proxyURL.isEmpty {
                try writer.key("proxy-url")
                try writer.string(cluster.proxyURL.revealText())
            }
            if cluster.disableCompression {
                try writer.key("disable-compression")
                try writer.boolean(true)
            }
            // There even where there is nothing to say, as kubectl has it.
            try writer.key("config")
            if let config = cluster.execExtension { try config.write(to: &writer) } else { try writer.null() }
            try writer.endObject()
        }
    }

    /// The value of `KUBERNETES_EXEC_INFO`: one line of JSON.
    static func environmentValue(_ plugin: ExecPlugin, isInteractive: Bool) -> Secret {
        var text = Array(#"{"kind":"ExecCredential","apiVersion":"\#(plugin.version.rawValue)","spec":{"#.utf8)
        if let cluster = plugin.clusterInfo {
            text += Array(#""cluster":"#.utf8)
            text += cluster.reveal()
            text.append(UInt8(ascii: ","))
        }
        text += Array("\"interactive\":\(isInteractive)}}\n".utf8)
        return Secret(text)
    }

    /// As client-go keeps the address: as it was written, but where there is a path without what is behind it.
    private static func host(_ server: String) -> String {
        guard let url = try? URLText(server), url.path.count > 1 else { return server }
        return String(server.prefix { $0 != "?" && $0 != "#" })
    }

    private static func written(
        _ write: (inout JSONWriter) throws(DocumentWriterError) -> Void
    ) throws(KubeconfigError) -> Secret {
        let collected = CollectedBytes()
        do throws(DocumentWriterError) {
            var writer = JSONWriter(style: .compact) { bytes in collected.append(bytes) }
            try write(&writer)
            try writer.endDocument()
        } catch {
            throw KubeconfigError(.invalid, ["the cluster cannot be described to a credential plugin: \(error)"])
        }
        return Secret(TextTrimming.trimmed(collected.bytes))
    }

    private final class CollectedBytes {
        var bytes: [UInt8] = []

        func append(_ more: Span<UInt8>) {
            for index in more.indices { bytes.append(more[index]) }
        }
    }
}
