import HTTPTransport
import Secrets
import Synchronization
import TestSupport

/// The certificates that Programs/make-certificates makes, once for all tests.
struct Certificates: Sendable {
    let folder: String

    func bytes(_ name: String) throws -> [UInt8] { try readFile("\(folder)/\(name)") }

    /// Trusts the authority `ca` alone.
    func settings(proxy: Proxy? = nil, client: String? = nil, serverName: String? = nil) throws -> ConnectionSettings {
        var settings = ConnectionSettings(trust: .authorities(try bytes("ca.pem")), serverName: serverName)
        settings.proxy = proxy
        if let client {
            settings.clientCertificate = .init(
                certificates: try bytes("\(client).pem"), key: Secret(try bytes("\(client).key")))
        }
        return settings
    }

    static func shared() async throws -> Certificates { try await making.value }

    private static let making = Task {
        let folder = Repository.path(".build/http-transport-certificates")
        if fileExists(folder) { try removeTree(folder) }
        try makeDirectory(folder)
        _ = try await runSuccessfully(
            Repository.path("Tests/HTTPTransportTests/Programs/make-certificates"), [folder])
        return Certificates(folder: folder)
    }
}
