import HTTPTransport
import Secrets
import Synchronization
import TestSupport
import Testing

@Suite("A request")
struct RequestTests {
    @Test("carries method, target, fields and body as they were given, and nothing that was not asked for")
    func wire() async throws {
        try await withServer { server in
            let client = HTTPClient()
            var post = request(.post, server.port, "/show/a%20b")
            post.url.query = "x=1&y=%2F"
            post.body = [UInt8](#"{"a":1}"#.utf8)
            post.fields = [
                HTTPField("Authorization", .secret(Secret("Bearer t0k3n"))),
                HTTPField("Content-Type", "application/json"),
                HTTPField("Impersonate-Group", "one"), HTTPField("Impersonate-Group", "two"),
                HTTPField("X-Empty", ""),
            ]
            let response = try await client.send(post, through: .init())
            #expect(response.status == 200)
            #expect(response.version == .http11)
            #expect(response.fields.values("X-TWICE") == ["one", "two"])
            let lines = try await response.text().split(separator: "\r\n", omittingEmptySubsequences: false)
            #expect(lines.first == "POST /show/a%20b?x=1&y=%2F HTTP/1.1")
            #expect(
                Set(lines.dropFirst().dropLast(2)) == [
                    "Host: 127.0.0.1:\(server.port)", "Authorization: Bearer t0k3n", "Content-Type: application/json",
                    "Impersonate-Group: one", "Impersonate-Group: two", "X-Empty:", "Content-Length: 7",
                    "Accept-Encoding: gzip",
                ])
            #expect(lines.last == #"{"a":1}"#)
        }
    }

    @Test(
        "has its method on the wire, with a body or without",
        arguments: [
            HTTPMethod.get, .head, .post, .put, .patch, .delete,
        ])
    func methods(_ method: HTTPMethod) async throws {
        try await withServer { server in
            let client = HTTPClient()
            _ = try await client.text(request(method, server.port, "/show"))
            var withBody = request(method, server.port, "/show")
            if method != .head {
                withBody.body = [UInt8](repeating: 7, count: 300_000)
                let text = try await client.send(withBody, through: .init()).body.collect(limit: 1 << 20)
                #expect(text.suffix(300_000).allSatisfy { $0 == 7 })
            }
            #expect(server.events().first == "\(method.rawValue) /show connection 1")
        }
    }

    @Test("that would be split by its own text is refused before anything is sent")
    func injection() async throws {
        let client = HTTPClient()
        var split = request(.get, 9)
        split.fields = [HTTPField("Authorization", .secret(Secret("x\r\nX-Evil: y")))]
        #expect(
            await failure { () throws(HTTPError) in try await client.send(split, through: .init()) }?.reason
                == .invalidRequest("the value of the header field Authorization holds a control character"))
        split.fields = [HTTPField("X Evil", "y")]
        #expect(
            await failure { () throws(HTTPError) in try await client.send(split, through: .init()) }?.reason
                == .invalidRequest("a header field's name is no token"))
        #expect(
            await failure { () throws(HTTPError) in try await client.send(request(.get, 9, "/a b"), through: .init()) }?
                .reason == .invalidRequest("the path or query holds a character that is not percent-encoded"))
    }

    @Test("skips responses of 1xx, and puts chunks and trailers together")
    func interimAndChunks() async throws {
        try await withServer { server in
            let client = HTTPClient()
            let response = try await client.send(request(.get, server.port, "/continue"), through: .init())
            #expect(response.status == 200)
            #expect(response.fields["Link"] == nil)
            #expect(try await response.text() == "after hints")
            #expect(try await client.text(request(.get, server.port, "/pieces")) == "onetwothree")
        }
    }

    @Test("gets a redirect as the response that it is")
    func redirect() async throws {
        try await withNginx { nginx in
            let response = try await HTTPClient().send(request(.get, nginx.plainPort, "/moved"), through: .init())
            #expect(response.status == 302)
            #expect(response.fields["location"]?.hasSuffix("/protocol") == true)
        }
    }

    @Test("speaks HTTP/2 where TLS offers it and HTTP/1.1 where it is told to")
    func versions() async throws {
        try await withNginx { nginx in
            let client = HTTPClient()
            let settings = try await Certificates.shared().settings()
            var get = secureRequest(nginx.http2Port, "/protocol")
            let negotiated = try await client.send(get, through: settings)
            #expect(negotiated.version == .http2)
            #expect(try await negotiated.text() == "HTTP/2.0 127.0.0.1 ")
            get.version = .http1
            #expect(try await client.send(get, through: settings).version == .http11)
            let bodyless = try await client.send(secureRequest(nginx.http2Port, "/none"), through: settings)
            #expect(bodyless.status == 204)
            #expect(try await bodyless.text() == "")
        }
    }

    @Test("is compressed on the way unless that is not allowed")
    func compression() async throws {
        try await withNginx { nginx in
            let records = Records()
            let client = HTTPClient(log: records.log)
            var settings = ConnectionSettings()
            for isAllowed in [true, false] {
                settings.isCompressionAllowed = isAllowed
                let response = try await client.send(
                    request(.get, nginx.plainPort, "/compressible.txt"), through: settings)
                let body = try await response.body.collect(limit: 1 << 20)
                #expect(body.count == 1 << 20)
                #expect(body.allSatisfy { $0 == UInt8(ascii: "a") })
                #expect(response.fields["Content-Encoding"] == (isAllowed ? "gzip" : nil))
            }
            await client.close()
            let sizes = records.all.map(\.bytesReceived)
            #expect(sizes.count == 2)
            #expect(sizes.min() ?? .max < 20_000)
            #expect(sizes.max() == 1 << 20)
        }
    }

    @Test("shares connections with those of equal settings, and with no others")
    func sharing() async throws {
        try await withServer { server in
            let client = HTTPClient()
            for _ in 0..<3 { _ = try await client.text(request(.get, server.port, "/show")) }
            var other = ConnectionSettings()
            other.clientCertificate = .init(
                certificates: [], key: Secret("differs only in what libcurl never compares"))
            _ = try await client.text(request(.get, server.port, "/show"), through: other)
            _ = try await client.text(request(.get, server.port, "/show"))
            #expect(
                server.events().filter { $0.hasPrefix("GET") }.map { $0.suffix(12) } == [
                    "connection 1", "connection 1", "connection 1", "connection 2", "connection 1",
                ])
        }
    }

    @Test(
        "does not fail because the server ends connections after a few of them, in order or with a GOAWAY",
        arguments: [(1, true), (3, true), (1, false), (3, false)])
    func endedConnections(requestsOfConnection: Int, isHTTP2: Bool) async throws {
        try await withNginx(requestsOfConnection: requestsOfConnection) { nginx in
            let settings = try await Certificates.shared().settings()
            let client = HTTPClient()
            func get(_ method: HTTPMethod) -> HTTPRequest {
                var get =
                    isHTTP2 ? secureRequest(nginx.http2Port, "/protocol") : request(.get, nginx.plainPort, "/protocol")
                get.method = method
                if method == .post { get.body = Array("x".utf8) }
                return get
            }
            for number in 1...20 {
                let response = try await client.send(get(number % 2 == 0 ? .get : .post), through: settings)
                #expect(try await response.text().hasPrefix(isHTTP2 ? "HTTP/2.0" : "HTTP/1.1"))
            }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        let response = try await client.send(get(.get), through: settings, retrying: RetryPolicy())
                        _ = try await response.text()
                        return response.status
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
            await client.close()
            // Each was answered once: what a GOAWAY refused was not handled.
            try await nginx.expectLog { _ in nginx.log().count >= 60 }
            #expect(nginx.log().count == 60)
            #expect(Set(nginx.log().map { $0.prefix { $0 != " " } }).count >= 60 / requestsOfConnection)
        }
    }

    @Test("goes with fifty others over one HTTP/2 connection")
    func multiplexing() async throws {
        try await withNginx { nginx in
            let client = HTTPClient()
            let settings = try await Certificates.shared().settings()
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await client.text(secureRequest(nginx.http2Port, "/protocol"), through: settings)
                    }
                }
                for try await text in group { #expect(text == "HTTP/2.0 127.0.0.1 ") }
            }
            await client.close()
            // It is written after the answer.
            try await nginx.expectLog { _ in nginx.log().count >= 50 }
            let lines = nginx.log()
            #expect(lines.count == 50)
            #expect(Set(lines.map { $0.prefix { $0 != " " } }).count == 1)
        }
    }

    @Test("is told of when it has ended, without its credentials")
    func records() async throws {
        try await withServer { server in
            let records = Records()
            let client = HTTPClient(log: records.log)
            var get = request(.get, server.port, "/show")
            get.url.query = "limit=5&access_token=hunter2&key=hunter2"
            get.fields = [
                HTTPField("Authorization", .secret(Secret("Bearer hunter2"))), HTTPField("Accept", "text/plain"),
            ]
            _ = try await client.text(get)
            await client.close()
            let record = try #require(records.all.first)
            #expect(records.all.count == 1)
            #expect(
                record.url == "http://127.0.0.1:\(server.port)/show?limit=5&access_token=<redacted>&key=<redacted>")
            #expect(record.method == "GET")
            #expect(record.status == 200)
            #expect(record.version == .http11)
            #expect(record.error == nil)
            #expect(record.duration > .zero)
            #expect(record.requestFields.map(\.value) == ["<redacted>", "text/plain"])
            #expect(record.bytesReceived > 100)
            #expect(!"\(record)".contains("hunter2"))
        }
    }
}

/// Keeps what a client tells.
final class Records: Sendable {
    private let kept = Mutex<[RequestRecord]>([])

    var all: [RequestRecord] { kept.withLock { $0 } }

    var log: RequestLog {
        { record in self.kept.withLock { $0.append(record) } }
    }
}
