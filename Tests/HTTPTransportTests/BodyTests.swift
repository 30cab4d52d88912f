import HTTPTransport
import TestSupport
import Testing

@Suite("A body")
struct BodyTests {
    private static let gibibyte = 1 << 30

    @Test("of a gibibyte stops coming when nobody reads it, and is over when it is dropped")
    func backPressure() async throws {
        try await withServer { server in
            let client = HTTPClient()
            var response: HTTPResponse? = try await client.send(
                request(.get, server.port, "/endless/\(Self.gibibyte)"), through: .init())
            var pieces = response?.body.makeAsyncIterator()
            _ = try await pieces?.next()
            try await Task.sleep(for: .milliseconds(500))
            let sent = try await Int(client.text(request(.get, server.port, "/sent")))
            // What is read ahead, and what two kernels hold.
            #expect(try #require(sent) < 24 << 20)
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await Int(client.text(request(.get, server.port, "/sent"))) == sent)
            // Read on for a while: it comes again.
            for _ in 0..<200 { _ = try await pieces?.next() }
            #expect(!server.events().contains { $0.hasPrefix("closed /endless") })
            pieces = nil
            response = nil
            try await server.expectEvent { $0.hasPrefix("closed /endless") }
        }
    }

    @Test("comes whole however slowly it is read")
    func whole() async throws {
        try await withServer { server in
            let response = try await HTTPClient().send(
                request(.get, server.port, "/endless/\(20 << 20)"), through: .init())
            var count = 0
            for try await piece in response.body {
                count += piece.count
                if count < 1 << 20 { try await Task.sleep(for: .milliseconds(20)) }
            }
            #expect(count == 20 << 20)
        }
    }

    @Test("over HTTP/2 that nobody reads keeps no other request waiting, and is bounded too")
    func sharedConnection() async throws {
        try await withNginx { nginx in
            let client = HTTPClient()
            let settings = try await Certificates.shared().settings()
            var huge: HTTPResponse? = try await client.send(secureRequest(nginx.http2Port, "/huge"), through: settings)
            #expect(huge?.version == .http2)
            // Until it has been paused; what is under way on its connection at that moment waits.
            try await Task.sleep(for: .seconds(1))
            var quick = secureRequest(nginx.http2Port, "/protocol")
            quick.deadlines.head = .seconds(5)
            for _ in 0..<3 { #expect(try await client.text(quick, through: settings).hasPrefix("HTTP/2.0")) }
            huge = nil
            try await nginx.expectLog { $0.hasSuffix("/huge") }
            let line = try #require(nginx.log().first { $0.hasSuffix("/huge") })
            let bytes = try #require(Int(line.split(separator: " ")[3]))
            // HTTP/2's window, which libcurl makes 32 MiB, and what is read ahead.
            #expect(bytes < 64 << 20)
        }
    }

    @Test("whose reader is cancelled is over at once, and so is a request that waits for its head")
    func cancelled() async throws {
        try await withServer { server in
            let client = HTTPClient()
            for path in ["/pause", "/silent"] {
                let reading = Task {
                    await failure { () throws(HTTPError) in try await client.text(request(.get, server.port, path)) }
                }
                try await server.expectEvent { $0.hasPrefix("GET \(path)") }
                let started = ContinuousClock.now
                reading.cancel()
                #expect(await reading.value?.reason == .cancelled)
                try await server.expectEvent { $0.hasPrefix("closed \(path)") }
                #expect(started.duration(to: .now) < .seconds(5))
            }
        }
    }

    @Test("with more bytes than were asked for is refused, and its transfer ends")
    func limit() async throws {
        try await withServer { server in
            let client = HTTPClient()
            let response = try await client.send(
                request(.get, server.port, "/endless/\(Self.gibibyte)"), through: .init())
            let error = await failure { () throws(HTTPError) in try await response.body.collect(limit: 1000) }
            #expect(error?.reason == .bodyOverLimit(1000))
            try await server.expectEvent { $0.hasPrefix("closed /endless") }
        }
    }

    @Test("that is not read in its reader's own time is not late")
    func idleReader() async throws {
        try await withServer { server in
            var slow = request(.get, server.port, "/endless/\(4 << 20)")
            slow.deadlines.idle = .milliseconds(200)
            let response = try await HTTPClient().send(slow, through: .init())
            var pieces = response.body.makeAsyncIterator()
            _ = try await pieces.next()
            try await Task.sleep(for: .milliseconds(600))
            var count = 0
            while let piece = try await pieces.next() { count += piece.count }
            #expect(count > 3 << 20)
        }
    }
}
