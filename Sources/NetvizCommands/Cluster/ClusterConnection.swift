import HTTPTransport
import Kubeconfig
import KubernetesClient
import TerminalText

/// The way to a cluster, as flags, kubeconfig and environment say.
enum ClusterConnection {
    static func open(
        _ overrides: ConnectionOverrides,
        in context: CommandContext
    ) throws(NetvizError) -> ClusterClient {
        let configuration = context.configuration()
        let access: ClusterAccess
        do throws(KubeconfigError) {
            access = try ClusterAccess.load(overrides, with: configuration)
        } catch {
            throw NetvizError(.usage, error.description, remedy: error.remedy)
        }
        do throws(ClusterError) {
            return try ClusterClient(
                access,
                credentials: CredentialSource(access, with: configuration),
                http: HTTPClient(log: log(overrides.verbosity, in: context)),
                environment: configuration.environment,
                userAgent: "kubectl-netviz/\(Version.text.dropFirst()) (\(platform))",
                session: session(),
                warn: { text in context.tell("Warning: \(PrintableText.escaped(text))") }
            )
        } catch {
            throw NetvizError(error)
        }
    }

    /// Go's names, as other clients of the API server send them. It must not begin with the name of a browser or of curl:
    /// the server would send JSON for people.
    private static var platform: String {
        #if os(macOS)
            let system = "darwin"
        #else
            let system = "linux"
        #endif
        #if arch(arm64)
            return "\(system)/arm64"
        #else
            return "\(system)/amd64"
        #endif
    }

    private static func session() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let text = String(UInt32.random(in: 0...UInt32.max, using: &random), radix: 16)
            return String(repeating: "0", count: 8 - text.count) + text
        }.joined(separator: "-")
    }

    /// Lines like kubectl's for every request, from `-v 6` on; with 7 the request's fields too, with 8 the response's.
    /// Bodies are not shown: they are long, and hold what credentials may not.
    private static func log(
        _ verbosity: Int,
        in context: CommandContext
    ) -> (@Sendable (RequestRecord) -> Void)? {
        guard verbosity >= 6 else { return nil }
        return { record in
            // At once: requests end on several threads.
            context.tell(lines(of: record, verbosity).map(PrintableText.escaped).joined(separator: "\n"))
        }
    }

    private static func lines(of record: RequestRecord, _ verbosity: Int) -> [String] {
        let took = record.duration.components
        let milliseconds = took.seconds * 1000 + took.attoseconds / 1_000_000_000_000_000
        let result = record.status.map { "\($0)" } ?? record.error.map { "\($0)" } ?? ""
        let proxy = record.proxy.map { " through \($0)" } ?? ""
        let version = record.version.map { " \($0.rawValue)" } ?? ""
        var lines = ["\(record.method) \(record.url)\(proxy)\(version) \(result) in \(milliseconds) milliseconds"]
        func append(_ title: String, _ fields: [HTTPFields.Field]) {
            guard !fields.isEmpty else { return }
            lines.append(title)
            lines += fields.map { "    \($0.name): \($0.value)" }
        }
        if verbosity >= 7 { append("Request Headers:", record.requestFields) }
        if verbosity >= 8 { append("Response Headers:", record.responseFields) }
        return lines
    }
}
