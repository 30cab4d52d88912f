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
