import TestSupport

/// Programs/api-server.py, and the certificates it has.
struct FakeAPIServer {
    let folder: String
    private var securePort = ""
    private var plainPort = ""
    private var proxyPort = ""
    private let certificates: [String: String]

    /// Makes the certificates and the files that configurations refer to.
    static func prepare(in folder: String) async throws -> FakeAPIServer {
        for (name, subject) in [("server", "/CN=server"), ("client", "/CN=client")] {
            _ = try await runSuccessfully(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", subject, "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:api.test",
                    "-keyout", "\(folder)/\(name)-key.pem", "-out", "\(folder)/\(name).pem",
                ])
        }
        for name in [".kube", "below"] { try makeDirectory("\(folder)/\(name)") }
        try writeFile("of-file\n".utf8, to: "\(folder)/token")
        _ = try await runSuccessfully("cp", [program("plugin.sh"), folder])
        var certificates: [String: String] = [:]
        for (mark, name) in [("@CA@", "server"), ("@CERT@", "client"), ("@KEY@", "client-key")] {
            certificates[mark] = try await runSuccessfully("base64", ["-w0", "\(folder)/\(name).pem"])
        }
        let claims = try await run("base64", ["-w0"], input: Array(#"{"iss":"https://i.test","exp":4102444800}"#.utf8))
        certificates["@JWT@"] = "e30.\(claims.outputText.filter { $0 != "=" }).c2ln"
        return FakeAPIServer(folder: folder, certificates: certificates)
    }

    private static func program(_ name: String) -> String {
        let own = #filePath
        return own[..<(own.lastIndex(of: "/") ?? own.endIndex)] + "/Programs/" + name
    }

    private init(folder: String, certificates: [String: String]) {
        self.folder = folder
        self.certificates = certificates
    }

    /// Runs the server while `body` does.
    func serving(_ body: (FakeAPIServer) async throws -> Void) async throws {
        _ = try await withBackgroundCommand("python3", [Self.program("api-server.py"), folder]) { _ in
            while !fileExists("\(folder)/ports") { try await Task.sleep(for: .milliseconds(20)) }
            let ports = try readText("\(folder)/ports").split(separator: " ").map(String.init)
            var listening = self
            listening.securePort = ports[0]
            listening.plainPort = ports[1]
            try await listening.proxying(body)
        }
    }

    /// Runs a proxy beside it, that knows the server by one name and wants a password.
    private func proxying(_ body: (FakeAPIServer) async throws -> Void) async throws {
        let proxy = "\(folder)/proxy"
        try makeDirectory(proxy)
        let program = Repository.path("Tests/HTTPTransportTests/Programs/proxy.py")
        _ = try await withBackgroundCommand("python3", [program, proxy, "api.test", "jane", "p:ss"]) { _ in
            while !fileExists("\(proxy)/port") { try await Task.sleep(for: .milliseconds(20)) }
            var listening = self
            listening.proxyPort = try readText("\(proxy)/port")
            try await body(listening)
        }
    }

    /// What the proxy was asked to connect with, so far.
    func proxied() throws -> [String] {
        try readText("\(folder)/proxy/events").split(separator: "\n").map(String.init)
    }

    /// A text with the marks replaced.
    func filled(_ text: String) -> String {
        var text = text.replacing("@HTTPS@", with: securePort).replacing("@HTTP@", with: plainPort)
        text = text.replacing("@PROXY@", with: "jane:p%3Ass@127.0.0.1:\(proxyPort)")
        for (mark, value) in certificates { text = text.replacing(mark, with: value) }
        return text.replacing("@DIR@", with: folder)
    }

    /// All requests so far.
    func requests() throws -> [AskedRequest] {
        try readText("\(folder)/requests").split(separator: "\n").map {
            try AskedRequest(JSONValue(parsing: String($0)))
        }
    }
}

/// What matters of a request.
struct AskedRequest: Equatable {
    private let isSecure: Bool
    private let name: String
    private let certificate: String
    private(set) var path: String
    private let authorization: String
    /// What a plugin was told, where the token says that.
    private let told: JSONValue?
    private let asksForGzip: Bool
    private let impersonation: [String]

    fileprivate init(_ line: JSONValue) {
        isSecure = line["secure"]?.bool ?? false
        name = line["name"]?.string ?? ""
        certificate = line["certificate"]?.string ?? ""
        // Without kubectl's own query.
        path = String((line["path"]?.string ?? "").prefix { $0 != "?" })
        (authorization, told) = Self.authorization(line["authorization"]?.string ?? "")
        asksForGzip = line["gzip"]?.bool ?? false
        impersonation = line["impersonation"]?.array?.compactMap(\.string) ?? []
    }

    /// The same request of another path.
    func asking(for path: String) -> AskedRequest {
        var copy = self
        copy.path = path
        return copy
    }

    /// The members of JSON have no order, so a token that is JSON is compared as that.
    private static func authorization(_ text: String) -> (String, JSONValue?) {
        let bytes = decoded(text.split(separator: " ").last ?? "")
        guard let told = try? JSONValue(parsing: bytes), told["info"] != nil else { return (text, nil) }
        return ("", told)
    }

    private static func decoded(_ text: Substring) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var bits = 0
        var count = 0
        var bytes: [UInt8] = []
        for character in text {
            guard let digit = alphabet.firstIndex(of: character) else { break }
            bits = (bits << 6 | digit) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(bits >> count & 0xFF))
            }
        }
        return bytes
    }
}
