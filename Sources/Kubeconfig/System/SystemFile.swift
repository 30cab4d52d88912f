import Glibc

/// Files of this machine.
enum SystemFile {
    private static let blockLength = 1 << 16

    static func read(_ path: String, limit: Int) throws(FileTrouble) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw trouble(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: blockLength)
        while true {
            let count = unsafe block.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw trouble(errno)
            }
            guard bytes.count + count <= limit else {
                throw FileTrouble(isMissing: false, reason: "longer than \(limit) bytes")
            }
            bytes += block[..<count]
        }
    }

    static func kind(_ path: String) -> FileKind? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        if status.st_mode & S_IFMT == S_IFDIR { return .directory }
        return unsafe access(path, X_OK) == 0 ? .executable : .file
    }

    /// The C library's message without its capital, as Go has it.
    private static func trouble(_ code: Int32) -> FileTrouble {
        let message = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return FileTrouble(isMissing: code == ENOENT, reason: message.prefix(1).lowercased() + message.dropFirst())
    }
}
