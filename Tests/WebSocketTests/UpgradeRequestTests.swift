import Secrets
import Testing
import WebSocket

@Suite("The request for an upgrade")
struct UpgradeRequestTests {
    static let key = WebSocketKey([UInt8](0..<16))

    @Test("has the caller's headers, the key and all sub-protocols in one line")
    func bytes() throws {
        let request = try UpgradeRequest(
            host: "10.99.0.1:6443",
            target: "/exec?command=true",
            headers: [.init("User-Agent", Secret("netviz")), .init("Authorization", Secret("Bearer s3cret"))],
            protocols: ["v5.channel.k8s.io", "v4.channel.k8s.io"],
            key: try #require(Self.key)
        )
        let lines = [
            "GET /exec?command=true HTTP/1.1", "Host: 10.99.0.1:6443", "User-Agent: netviz",
            "Authorization: Bearer s3cret", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==",
            "Sec-WebSocket-Protocol: v5.channel.k8s.io, v4.channel.k8s.io", "", "",
        ]
        #expect(request.bytes.revealText() == lines.joined(separator: "\r\n"))
        #expect(!"\(request) \(request.bytes)".contains("s3cret"))
    }

    @Test("takes a key of 16 bytes, and knows what the server must say to it (RFC 6455 section 1.3)")
    func accept() {
        let key = WebSocketKey(Array("the sample nonce".utf8))
        #expect(key?.text == "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(key?.accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(WebSocketKey([1, 2, 3]) == nil)
    }

    @Test("cannot be made of what would end a line of it, and does not print the credential that would")
    func injection() throws {
        let key = try #require(Self.key)
        func make(host: String = "h", target: String = "/", name: String = "A", value: String = "b", sub: String = "p")
            -> UpgradeRequestError?
        {
            do throws(UpgradeRequestError) {
                _ = try UpgradeRequest(
                    host: host, target: target, headers: [.init(name, Secret(value))], protocols: [sub], key: key)
                return nil
            } catch {
                return error
            }
        }
        #expect(make() == nil)
        #expect(make(host: "a\r\nb") == .host)
        #expect(make(host: "") == .host)
        #expect(make(target: "/a b") == .target)
        #expect(make(target: "/\r\n") == .target)
        #expect(make(target: "a") == .target)
        #expect(make(name: "A:") == .headerName("A:"))
        #expect(make(name: "") == .headerName(""))
        #expect(make(value: "token\nX: y") == .headerValue(name: "A"))
        #expect(make(sub: "a, b") == .subprotocol("a, b"))
        #expect("\(UpgradeRequestError.headerValue(name: "A"))" == "the value of the header A has control characters")
    }

    @Test("takes only the answer that belongs to it")
    func answers() throws {
        let request = try UpgradeRequest(
            host: "h", target: "/", protocols: ["v5", "v4"], key: try #require(Self.key))
        func chosen(_ changes: [String: String?], code: Int = 101) -> Result<String?, UpgradeError> {
            var headers: [String: String?] = [
                "Upgrade": "WebSocket", "connection": "keep-alive, Upgrade",
                "Sec-Websocket-Accept": "Bz3qJYTGdOe8gUSpLosEdiLKDrk=", "Sec-WebSocket-Protocol": "v4",
            ]
            headers.merge(changes) { $1 }
            let head = HTTPHead(
                code: code, reason: "", headers: headers.compactMap { name, value in value.map { .init(name, $0) } })
            return Result { () throws(UpgradeError) in try request.chosenProtocol(in: head) }
        }
        #expect(chosen([:]) == .success("v4"))
        #expect(chosen(["Sec-WebSocket-Protocol": ""]) == .success(nil))
        #expect(chosen([:], code: 200) == .failure(.notSwitched(code: 200)))
        #expect(chosen(["Upgrade": "h2c"]) == .failure(.missing(header: "Upgrade: websocket")))
        #expect(chosen(["connection": "close"]) == .failure(.missing(header: "Connection: Upgrade")))
        #expect(chosen(["Sec-Websocket-Accept": "x"]) == .failure(.wrongAccept))
        #expect(chosen(["Sec-WebSocket-Protocol": "v3"]) == .failure(.unexpectedProtocol("v3")))
        #expect(chosen(["Sec-WebSocket-Extensions": "deflate"]) == .failure(.unexpectedExtension("deflate")))
        #expect(
            "\(UpgradeError.unexpectedProtocol("v\u{1B}[2J"))"
                == "the server chose the sub-protocol 'v^[[2J', which it was not offered")
        #expect(
            "\(UpgradeError.unexpectedExtension("x\u{202E}"))"
                == "the server wants the extension 'x\\u{202e}', which it was not offered")
    }
}
