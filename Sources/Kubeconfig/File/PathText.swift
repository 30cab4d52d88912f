/// File paths as text, by the rules of Go's `path/filepath` on Unix.
enum PathText {
    static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

    /// The shortest path of the same meaning, without regard to symbolic links.
    static func clean(_ path: String) -> String {
        let isAbsolute = isAbsolute(path)
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if let last = parts.last, last != ".." {
                parts.removeLast()
            } else if !isAbsolute {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        return isAbsolute ? "/" + joined : joined.isEmpty ? "." : joined
    }

    /// `path` as it is seen from `folder`; an absolute one stays as it is.
    static func resolve(_ path: String, in folder: String) -> String {
        path.isEmpty || isAbsolute(path) ? path : clean(folder + "/" + path)
    }

    /// The folder of a file.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return clean(String(path[...slash]))
    }
}
