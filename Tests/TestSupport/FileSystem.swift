import Glibc

/// A system call on a file or folder that failed.
package struct FileError: Error, Hashable, CustomStringConvertible {
    /// What was tried, as `read` or `create`.
    package let action: String
    package let path: String
    /// The `errno` of the call, errno(3).
    package let code: Int32

    init(_ action: String, _ path: String, code: Int32 = errno) {
        self.action = action
        self.path = path
        self.code = code
    }

    package var description: String {
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return "cannot \(action) \(path): \(reason)"
    }
}

/// Whether something exists at `path`; a symbolic link that leads nowhere does not.
package func fileExists(_ path: String) -> Bool {
    unsafe access(path, F_OK) == 0
}

/// The bytes of a file; also of those under /proc, whose size is not known before.
package func readFile(_ path: String) throws(FileError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("read", path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = unsafe block.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        if count == 0 { return bytes }
        guard count > 0 else {
            if errno == EINTR { continue }
            throw FileError("read", path)
        }
        bytes += block[..<count]
    }
}

/// A file's text; bytes that are not UTF-8 become U+FFFD.
package func readText(_ path: String) throws(FileError) -> String {
    String(decoding: try readFile(path), as: UTF8.self)
}

/// Writes a file, replacing what was there. A new one gets mode 0600.
package func writeFile(_ bytes: some Sequence<UInt8>, to path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("write", path) }
    defer { close(descriptor) }
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else {
            if errno == EINTR { continue }
            throw FileError("write", path)
        }
        rest = rest.dropFirst(count)
    }
}

/// Makes a folder with mode 0700; its parent must exist.
package func makeDirectory(_ path: String) throws(FileError) {
    guard unsafe mkdir(path, 0o700) == 0 else { throw FileError("create", path) }
}

/// The names in a folder, sorted, without `.` and `..`.
package func directoryContents(_ path: String) throws(FileError) -> [String] {
    guard let directory = unsafe opendir(path) else { throw FileError("list", path) }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
        let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// Removes a file, a symbolic link (not what it leads to) or a folder with all that is in it. What does not exist is
/// not an error.
package func removeTree(_ path: String) throws(FileError) {
    if unsafe unlink(path) == 0 || errno == ENOENT { return }
    guard errno == EISDIR || errno == EPERM else { throw FileError("remove", path) }
    for name in try directoryContents(path) {
        try removeTree(path + "/" + name)
    }
    guard unsafe rmdir(path) == 0 else { throw FileError("remove", path) }
}
