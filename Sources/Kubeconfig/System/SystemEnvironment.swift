import Glibc

/// What this process was started with.
enum SystemEnvironment {
    static func variables() -> [String: String] {
        var variables: [String: String] = [:]
        // None at all, after clearenv(3).
        guard var next = unsafe Optional(environ) else { return variables }
        while let entry = unsafe next.pointee {
            let text = unsafe String(cString: entry)
            if let equals = text.dropFirst().firstIndex(of: "=") {
                // The first of two of one name counts, as for getenv(3).
                let name = String(text[..<equals])
                if variables[name] == nil { variables[name] = String(text[text.index(after: equals)...]) }
            }
            unsafe next += 1
        }
        return variables
    }

    /// `/` where it is not known.
    static func workingDirectory() -> String {
        guard let path = unsafe getcwd(nil, 0) else { return "/" }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }
}
