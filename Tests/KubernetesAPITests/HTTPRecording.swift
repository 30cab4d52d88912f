import KubernetesAPI
import TestSupport

/// A recorded request with the answer of a real API server (Tests/Fixtures/api-1.36).
struct HTTPRecording {
    let method: String
    /// The path with its query.
    let target: String
    let requestBody: String
    let code: Int
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    /// - Parameter name: as `errors/404-pod.http`.
    init(_ name: String) throws {
        let text = try readText(Repository.path("Tests/Fixtures/api-1.36/\(name)"))
        var sent: [Substring] = []
        var received: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix(">") { sent.append(line.dropFirst(2)) }
            if line.hasPrefix("<") { received.append(line.dropFirst(2)) }
        }
        let request = sent.first?.split(separator: " ") ?? []
        method = request.first.map(String.init) ?? ""
        target = request.count > 1 ? String(request[1]) : ""
        requestBody = Self.body(sent)
        code = received.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        headers = received.dropFirst().prefix { !$0.isEmpty }.compactMap { line in
            line.firstIndex(of: ":").map { (String(line[..<$0]), String(line[$0...].dropFirst(2))) }
        }
        let body = Self.body(received)
        if body.hasPrefix("(binary"), let hex = body.split(separator: " ").last {
            self.body = bytes(hex: hex)
        } else {
            self.body = Array(body.utf8)
        }
    }

    /// What stands behind the empty line.
    private static func body(_ lines: [Substring]) -> String {
        lines.drop { !$0.isEmpty }.dropFirst().joined(separator: "\n")
    }

    func values(of name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }

    var response: APIResponse {
        APIResponse(
            code: code,
            contentType: values(of: "Content-Type").first ?? "",
            retryAfter: values(of: "Retry-After").first ?? "",
            body: body
        )
    }

    /// What was asked, as the path says it: `/api/v1/namespaces/NAMESPACE/RESOURCE/NAME/SUBRESOURCE`.
    var asked: ResourceAttributes? {
        var parts = target.prefix { $0 != "?" }.split(separator: "/").map(String.init)[...]
        guard let root = parts.popFirst(), ["api", "apis"].contains(root) else { return nil }
        let group = root == "apis" ? parts.popFirst() ?? "" : ""
        parts = parts.dropFirst()
        var namespace = ""
        if parts.first == "namespaces", parts.count > 2 {
            namespace = parts.dropFirst().first ?? ""
            parts = parts.dropFirst(2)
        }
        let words = Array(parts)
        let verbs = ["POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"]
        return ResourceAttributes(
            verb: verbs[method] ?? (words.count > 1 ? "get" : "list"),
            group: group,
            resource: words.first ?? "",
            subresource: words.count > 2 ? words[2] : "",
            namespace: namespace,
            name: words.count > 1 ? words[1] : ""
        )
    }

    /// The names of the recordings in a folder of the fixtures.
    static func names(_ folder: String) throws -> [String] {
        try directoryContents(Repository.path("Tests/Fixtures/api-1.36/\(folder)")).map { "\(folder)/\($0)" }
    }
}

/// The bytes that hexadecimal digits stand for.
func bytes(hex: some StringProtocol) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
