import Glibc
import HTTPTransport
import TestSupport
import Testing

/// A request after which the server sends back what it gets, or does what the path says.
func echoRequest(_ port: UInt16, _ path: String = "/echo", tls: Bool = false) -> HTTPRequest {
    var request = tls ? secureRequest(port, path) : request(.get, port, path)
    request.fields = [HTTPField("Connection", "Upgrade"), HTTPField("Upgrade", "echo")]
    return request
}

/// Reads the head of a response byte by byte, so that nothing behind it is taken.
func readHead(_ stream: UpgradedConnection) async throws -> String {
    var head: [UInt8] = []
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8), let byte = try await stream.receive(atMost: 1) {
        head += byte
    }
    return String(decoding: head, as: UTF8.self)
}

@Suite("A raw stream")
struct UpgradeTests {
    private func open(_ client: HTTPClient, _ port: UInt16, _ path: String, tls: Bool) async throws
        -> UpgradedConnection
    {
        let request = echoRequest(port, path, tls: tls)
        let settings = tls ? try await Certificates.shared().settings() : ConnectionSettings()
        let stream = try await client.upgrade(request, through: settings)
        try await stream.send(try request.headBytes())
        #expect(try await readHead(stream).hasPrefix("HTTP/1.1 101 "))
        return stream
    }

    private func readToEnd(_ stream: UpgradedConnection) async throws(HTTPError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await stream.receive() { bytes += piece }
        return bytes
    }

    @Test("carries bytes both ways at once", arguments: [false, true])
    func echo(_ tls: Bool) async throws {
        try await withServer(certificate: tls ? "server" : nil) { server in
            let client = HTTPClient()
            let stream = try await open(client, server.port, "/echo", tls: tls)
            let sent = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            let sending = Task { try await stream.send(sent) }
            var received: [UInt8] = []
            while received.count < sent.count, let piece = try await stream.receive(atMost: 50_000) {
                #expect((1...50_000).contains(piece.count))
                received += piece
            }
            #expect(received == sent)
            try await sending.value
        }
    }

    @Test("goes over HTTP/1.1 where the server would rather speak HTTP/2")
    func http2Server() async throws {
        try await withNginx { nginx in
            let stream = try await HTTPClient().upgrade(
                secureRequest(nginx.http2Port), through: try await Certificates.shared().settings())
            try await stream.send(try secureRequest(nginx.http2Port, "/protocol").headBytes())
            #expect(try await readHead(stream).hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test(
        "tells the end that the server made from one that was torn, after all that came before",
        arguments: [
            ("/tail-then-close", true, true), ("/tail-then-close", false, true), ("/tail-then-eof", true, false),
            ("/tail-then-tear", true, false), ("/tail-then-tear", false, false),
        ])
    func ends(_ path: String, _ tls: Bool, _ isClean: Bool) async throws {
        try await withServer(certificate: tls ? "server" : nil) { server in
            let stream = try await open(HTTPClient(), server.port, path, tls: tls)
            var received: [UInt8] = []
            let error = await failure { () throws(HTTPError) in
                while let piece = try await stream.receive() { received += piece }
            }
            #expect(String(decoding: received, as: UTF8.self) == "the tail")
            if isClean {
                #expect(error == nil)
            } else {
                switch error?.reason {
                case .reset(let count), .closedEarly(let count): #expect(count > 8)
                default: Issue.record("\(String(describing: error))")
                }
            }
        }
    }

    @Test("is not read from while nobody takes what came")
    func backPressure() async throws {
        try await withServer { server in
            let client = HTTPClient()
            let stream = try await open(client, server.port, "/flood", tls: false)
            try await Task.sleep(for: .milliseconds(500))
            let sent = try await Int(client.text(request(.get, server.port, "/sent")))
            #expect(try #require(sent) < 24 << 20)
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await Int(client.text(request(.get, server.port, "/sent"))) == sent)
            var count = 0
            while count < 64 << 20, let piece = try await stream.receive() { count += piece.count }
            #expect(count >= 64 << 20)
        }
    }

    @Test("waits with sending while the server takes nothing")
    func sendBackPressure() async throws {
        try await withServer { server in
            let stream = try await open(HTTPClient(), server.port, "/sink", tls: false)
            for _ in 0..<64 { try await stream.send([UInt8](repeating: 1, count: 1 << 20)) }
            stream.close()
            try await server.expectEvent { $0 == "sunk \(64 << 20)" }
            let error = await failure { () throws(HTTPError) in try await stream.send([1]) }
            #expect(error?.reason == .cancelled)
        }
    }

    @Test("keeps what the server sent before it closed, while other requests connect")
    func unreadTail() async throws {
        try await withServer { server in
            let client = HTTPClient()
            let streams = try await [
                open(client, server.port, "/tail-then-close", tls: false),
                open(client, server.port, "/echo", tls: false),
            ]
            // libcurl looks for dead connections once a second, when it connects.
            for number in 0..<3 {
                try await Task.sleep(for: .milliseconds(600))
                var fresh = ConnectionSettings()
                fresh.connectTimeout = .seconds(20 + number)
                _ = try await client.text(request(.get, server.port, "/show"), through: fresh)
                _ = try await client.upgrade(request(.get, server.port), through: fresh)
            }
            #expect(try await readToEnd(streams[0]) == Array("the tail".utf8))
            try await streams[1].send([1, 2, 3])
            #expect(try await streams[1].receive() == [1, 2, 3])
        }
    }

    @Test("is closed when it is dropped, and when the task that waits on it is cancelled")
    func closing() async throws {
        try await withServer { server in
            let client = HTTPClient()
            var dropped: UpgradedConnection? = try await open(client, server.port, "/sink", tls: false)
            #expect(!server.events().contains("closed /sink"))
            _ = dropped
            dropped = nil
            try await server.expectEvent { $0 == "closed /sink" }
            let stream = try await open(client, server.port, "/echo", tls: false)
            let waiting = Task { await failure { () throws(HTTPError) in try await stream.receive() } }
            try await Task.sleep(for: .milliseconds(50))
            waiting.cancel()
            #expect(await waiting.value?.reason == .cancelled)
            try await server.expectEvent { $0 == "closed /echo" }
        }
    }

    @Test("cannot be opened where nothing listens, and ends with its client")
    func failures() async throws {
        let port = try await withServer { $0.port }
        let client = HTTPClient()
        #expect(
            await failure { () throws(HTTPError) in try await client.upgrade(request(.get, port), through: .init()) }
                == HTTPError(.refused, endpoint: "127.0.0.1:\(port)"))
        try await withServer { server in
            let stream = try await open(client, server.port, "/echo", tls: false)
            await client.close()
            #expect(
                await failure { () throws(HTTPError) in try await stream.receive() }?.reason == .clientClosed)
            #expect(await failure { () throws(HTTPError) in try await stream.send([1]) }?.reason == .clientClosed)
        }
    }

    @Test("is one of a thousand on one client, each with its own bytes")
    func thousand() async throws {
        var limit = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try #require(limit.rlim_cur >= 4096, "the limit of open files is too low for this test")
        try await withServer(certificate: "server") { server in
            let client = HTTPClient()
            let streams = try await withThrowingTaskGroup(of: UpgradedConnection.self) { group in
                for _ in 0..<1000 { group.addTask { try await open(client, server.port, "/echo", tls: true) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(streams.count == 1000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, stream) in streams.enumerated() {
                    group.addTask {
                        let own = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 5000 + number)
                        for _ in 0..<3 {
                            try await stream.send(own)
                            var received: [UInt8] = []
                            while received.count < own.count, let piece = try await stream.receive() {
                                received += piece
                            }
                            #expect(received == own)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
