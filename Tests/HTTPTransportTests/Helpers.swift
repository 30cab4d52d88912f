import HTTPTransport
import TestSupport
import Testing

/// A plain request to a port of this machine.
func request(_ method: HTTPMethod = .get, _ port: UInt16, _ path: String = "/", host: String = "127.0.0.1")
    -> HTTPRequest
{
    HTTPRequest(method, HTTPURL(scheme: .http, host: host, port: port, path: path))
}

/// The same over TLS.
func secureRequest(_ port: UInt16, _ path: String = "/", host: String = "127.0.0.1") -> HTTPRequest {
    HTTPRequest(.get, HTTPURL(host: host, port: port, path: path))
}

extension HTTPResponse {
    /// The body as text, up to a mebibyte.
    func text() async throws -> String {
        String(decoding: try await body.collect(limit: 1 << 20), as: UTF8.self)
    }
}

/// The error of what must fail.
func failure<Value>(_ body: () async throws(HTTPError) -> Value) async -> HTTPError? {
    do throws(HTTPError) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

extension HTTPClient {
    /// Sends a request and reads its body, up to a mebibyte.
    func text(_ request: HTTPRequest, through settings: ConnectionSettings = .init()) async throws(HTTPError) -> String
    {
        let response = try await send(request, through: settings)
        return String(decoding: try await response.body.collect(limit: 1 << 20), as: UTF8.self)
    }
}
