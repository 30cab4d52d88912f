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

    /// Lines like kubectl's for every request, from `-v 6` on; with 8 the fields, too.
    private static func log(
        _ verbosity: Int,
        in context: CommandContext
    ) -> (@Sendable (RequestRecord) -> Void)? {
        guard verbosity >= 6 else { return nil }
        return { record in
            let took = record.duration.components
            let milliseconds = took.seconds * 1000 + took.attoseconds / 1_000_000_000_000_000
            let result = record.status.map { "\($0)" } ?? record.error.map { "\($0)" } ?? ""
            let proxy = record.proxy.map { " through \($0)" } ?? ""
            let version = record.version.map { " \($0.rawValue)" } ?? ""
            context.tell(
                PrintableText.escaped(
                    "\(record.method) \(record.url)\(proxy)\(version) \(result) in \(milliseconds) milliseconds"))
            guard verbosity >= 8 else { return }
            for field in record.requestFields {
                context.tell(PrintableText.escaped("    \(field.name): \(field.value)"))
            }
        }
    }
}
