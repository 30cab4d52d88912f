import HTTPTransport
import TestSupport
import Testing

@Suite("Sending again")
struct RetryTests {
    private let policy = RetryPolicy()
    private func error(_ reason: HTTPError.Reason) -> RetryPolicy.Outcome { .failure(HTTPError(reason, endpoint: "")) }

    @Test("follows Retry-After for 429 and 503 whatever the method, and for other 5xx where twice does no harm")
    func retryAfter() {
        for status in [429, 503] {
            for isIdempotent in [true, false] {
                #expect(
                    policy.decision(
                        after: 1, .response(status: status, retryAfter: .seconds(3)), isIdempotent: isIdempotent)
                        == .wait(.seconds(3)))
            }
        }
        let failed = RetryPolicy.Outcome.response(status: 500, retryAfter: .seconds(1))
        #expect(policy.decision(after: 1, failed, isIdempotent: true) == .wait(.seconds(1)))
        #expect(policy.decision(after: 1, failed, isIdempotent: false) == .giveUp)
    }

    @Test(
        "does not happen without Retry-After, for other statuses, after ten times, or after longer than anybody waits")
    func givesUp() {
        #expect(policy.decision(after: 1, .response(status: 429, retryAfter: nil), isIdempotent: true) == .giveUp)
        for status in [200, 404, 409] {
            #expect(
                policy.decision(after: 1, .response(status: status, retryAfter: .seconds(1)), isIdempotent: true)
                    == .giveUp)
        }
        let busy = RetryPolicy.Outcome.response(status: 429, retryAfter: .seconds(1))
        #expect(policy.decision(after: 10, busy, isIdempotent: true) == .wait(.seconds(1)))
        #expect(policy.decision(after: 11, busy, isIdempotent: true) == .giveUp)
        #expect(
            policy.decision(after: 1, .response(status: 429, retryAfter: .seconds(61)), isIdempotent: true) == .giveUp)
    }

    @Test("happens after a broken connection only before the first byte and where twice does no harm")
    func broken() {
        for reason in [HTTPError.Reason.reset(bytesReceived: 0), .closedEarly(bytesReceived: 0)] {
            #expect(policy.decision(after: 1, error(reason), isIdempotent: true) == .wait(.milliseconds(100)))
            #expect(policy.decision(after: 3, error(reason), isIdempotent: true) == .wait(.milliseconds(400)))
            #expect(policy.decision(after: 1, error(reason), isIdempotent: false) == .giveUp)
        }
        #expect(policy.decision(after: 1, error(.reset(bytesReceived: 1)), isIdempotent: true) == .giveUp)
        #expect(policy.decision(after: 1, error(.refused), isIdempotent: true) == .giveUp)
        #expect(policy.decision(after: 1, error(.cancelled), isIdempotent: true) == .giveUp)
        // What the server says it did not handle can be sent again in any case.
        #expect(policy.decision(after: 1, error(.goneAway), isIdempotent: false) == .wait(.milliseconds(100)))
    }

    @Test(
        "waits the seconds that Retry-After names, or until its date by the server's own clock",
        arguments: [
            ("7", nil, Duration.seconds(7)),
            ("0", nil, .zero),
            ("99999999999999999999999", nil, .seconds(86_400)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:30 GMT", .seconds(7)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 09:00:00 GMT", .zero),
            ("Sun, 06 Nov 1994 08:49:37 GMT", nil, nil),
            ("-1", nil, nil),
            ("soon", nil, nil),
            ("", nil, nil),
        ] as [(String, String?, Duration?)])
    func retryAfterField(_ field: String, _ date: String?, _ expected: Duration?) {
        #expect(RetryPolicy.wait(retryAfter: field, date: date) == expected)
    }

    @Test(
        "reads dates in all three forms of HTTP",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
            ("Thu, 32 Jan 1970 00:00:00 GMT", nil),
            ("Thu, 01 Jan 1970 00:00 GMT", nil),
            ("Thu, 01 Foo 1970 00:00:00 GMT", nil),
            ("", nil),
        ] as [(String, Int64?)])
    func dates(_ text: String, _ expected: Int64?) {
        #expect(HTTPDate.seconds(parsing: text) == expected)
    }

    @Test("waits on the clock that it is given, and returns the response that came at last")
    func client() async throws {
        try await withServer { server in
            let clock = InstantClock()
            let client = HTTPClient()
            let response = try await client.send(
                request(.get, server.port, "/busy-once"), through: .init(), retrying: policy, clock: clock)
            #expect(response.status == 200)
            #expect(try await response.text() == "now")
            #expect(clock.slept == [.seconds(7)])
            let busy = try await client.send(
                request(.post, server.port, "/always-busy"), through: .init(), retrying: policy, clock: clock)
            #expect(busy.status == 429)
            #expect(server.events().count { $0.hasPrefix("POST /always-busy") } == 11)
            #expect(clock.slept.count == 11)
        }
    }

    @Test("happens for a GET whose connection was reset, and not for a POST")
    func reset() async throws {
        try await withServer { server in
            let client = HTTPClient()
            let got = try await client.send(
                request(.get, server.port, "/reset-once"), through: .init(), retrying: policy, clock: InstantClock())
            #expect(try await got.text() == "second")
            var post = request(.post, server.port, "/reset")
            post.body = [1, 2, 3]
            let error = await failure { () throws(HTTPError) in
                try await client.send(post, through: .init(), retrying: policy, clock: InstantClock())
            }
            #expect([.reset(bytesReceived: 0), .closedEarly(bytesReceived: 0)].contains(error?.reason))
            #expect(server.events().count { $0.hasPrefix("POST") } == 1)
        }
    }

    @Test(
        "never happens within libcurl for a POST that went out on a kept connection; for a GET it may",
        arguments: [0, 10, 300_000])
    func keptConnection(bytesOfBody: Int) async throws {
        try await withServer { server in
            let client = HTTPClient()
            let path = "/die-when-reused"
            let texts = try await [
                client.text(request(.get, server.port, path)), client.text(request(.get, server.port, path)),
            ]
            #expect(texts == ["first", "first"])
            #expect(server.events().count { $0.hasPrefix("GET") } == 3)
            var post = request(.post, server.port, path)
            post.body = [UInt8](repeating: 1, count: bytesOfBody)
            let error = await failure { () throws(HTTPError) in try await client.text(post) }
            #expect(server.events().count { $0.hasPrefix("POST") } == 1)
            if bytesOfBody > 0 { #expect(error?.reason == .closedEarly(bytesReceived: 0)) }
        }
    }
}
