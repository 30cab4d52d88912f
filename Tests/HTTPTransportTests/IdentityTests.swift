import HTTPTransport
import Secrets
import TestSupport
import Testing

@Suite("Client certificates and server names")
struct IdentityTests {
    @Test("A client's certificate and key come from memory and are who the server sees")
    func clientCertificate() async throws {
        try await withNginx { nginx in
            let certificates = try await Certificates.shared()
            let request = secureRequest(nginx.clientCertificatePort, "/who")
            let client = HTTPClient()
            #expect(try await client.text(request, through: certificates.settings(client: "client")) == "CN=client")
            // nginx answers 400 where there is none, and where it does not trust who signed it.
            #expect(try await client.send(request, through: certificates.settings()).status == 400)
            #expect(try await client.send(request, through: certificates.settings(client: "stranger")).status == 400)
            #expect(try await client.text(request, through: certificates.settings(client: "client")) == "CN=client")
        }
    }

    @Test("A key that is none, or another's, is said to be wrong")
    func wrongKey() async throws {
        try await withServer(certificate: "server") { server in
            let certificates = try await Certificates.shared()
            var settings = try certificates.settings(client: "client")
            for key in ["not a key", try readText(certificates.folder + "/stranger.key")] {
                settings.clientCertificate?.key = Secret(key)
                let error = await failure { () throws(HTTPError) in
                    try await HTTPClient().text(secureRequest(server.port), through: settings)
                }
                guard case .tls(.clientCertificate, _)? = error?.reason else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test("A server's name other than the URL's host is what SNI sends and the certificate must have; Host stays")
    func serverName() async throws {
        try await withNginx { nginx in
            let certificates = try await Certificates.shared()
            let client = HTTPClient()
            var request = secureRequest(nginx.http2Port, "/protocol", host: "localhost")
            let settings = try certificates.settings(serverName: "api.example")
            #expect(try await client.text(request, through: settings) == "HTTP/2.0 localhost api.example")
            request.version = .http1
            #expect(try await client.text(request, through: settings) == "HTTP/1.1 localhost api.example")
            let wrong = await failure { () throws(HTTPError) in
                try await client.text(request, through: .init(trust: settings.trust, serverName: "db.example"))
            }
            guard case .tls(.nameMismatch, _)? = wrong?.reason else {
                Issue.record("\(String(describing: wrong))")
                return
            }
            #expect(wrong?.description.contains("tls-server-name") == true)
        }
    }
}
