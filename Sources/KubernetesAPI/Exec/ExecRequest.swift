/// A command to be run in a container (`pods/exec` of core/v1).
package struct ExecRequest: Hashable, Sendable {
    package let namespace: String
    package let pod: String
    /// Nil where the pod has only one.
    package let container: String?
    /// The node that the pod runs on, for messages.
    package let node: String?
    /// The program and its arguments, which no shell looks at.
    package let command: [String]
    package let stdin: Bool
    package let stdout: Bool
    package let stderr: Bool

    /// - Parameter stdin: only where somebody will close it: an opened stdin that never ends can hold the session open.
    package init(
        namespace: String,
        pod: String,
        container: String? = nil,
        node: String? = nil,
        command: [String],
        stdin: Bool = false,
        stdout: Bool = true,
        stderr: Bool = true
    ) {
        self.namespace = namespace
        self.pod = pod
        self.container = container
        self.node = node
        self.command = command
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
    }

    /// The path and query of the request.
    ///
    /// - Parameter prefix: the path of the server's address in the kubeconfig, which comes before all others.
    package func target(prefix: String = "") -> String {
        var query: [(String, String)] = []
        if let container { query.append(("container", container)) }
        if stdin { query.append(("stdin", "true")) }
        if stdout { query.append(("stdout", "true")) }
        if stderr { query.append(("stderr", "true")) }
        query += command.map { ("command", $0) }
        let path = ["api", "v1", "namespaces", namespace, "pods", pod, "exec"].map(PercentEncoding.encoded)
        let start = prefix.last == "/" ? String(prefix.dropLast()) : prefix
        return start + "/" + path.joined(separator: "/") + "?"
            + query.map { "\($0)=\(PercentEncoding.encoded($1))" }.joined(separator: "&")
    }
}

/// The encoding of what stands in a path or a query (RFC 3986 section 2.1).
package enum PercentEncoding {
    /// `text` with every byte as `%2F` that is not unreserved (RFC 3986 section 2.3).
    package static func encoded(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default: result += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 0xF)]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
