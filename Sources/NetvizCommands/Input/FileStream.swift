import Glibc
import Rendering
import TerminalText

/// A file, pipe or terminal that is read to its end.
final class FileStream {
    private let name: String
    private let descriptor: Int32
    private let ownsDescriptor: Bool

    /// Opens a file for reading; "-" is standard input.
    ///
    /// - Throws: when there is no such file, it is a directory, or it must not be read.
    init(path: String) throws(NetvizError) {
        guard path != "-" else {
            name = "standard input"
            descriptor = STDIN_FILENO
            ownsDescriptor = false
            return
        }
        name = PrintableText.escaped(path)
        ownsDescriptor = true
        descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw Self.failure(name, errno) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Self.failure(name, errno) }
        try Self.refuseDirectory(name, status)
    }

    /// Finds what opening a file would fail for, without opening it.
    ///
    /// - Throws: what opening it would.
    static func check(path: String) throws(NetvizError) {
        guard path != "-" else { return }
        let name = PrintableText.escaped(path)
        var status = stat()
        guard unsafe stat(path, &status) == 0, unsafe access(path, R_OK) == 0 else { throw failure(name, errno) }
        try refuseDirectory(name, status)
    }

    private static func refuseDirectory(_ name: String, _ status: stat) throws(NetvizError) {
        guard status.st_mode & S_IFMT == S_IFDIR else { return }
        throw NetvizError(.input, "cannot read \(name): it is a directory", remedy: "Give the files in it.")
    }

    deinit {
        if ownsDescriptor, descriptor >= 0 { close(descriptor) }
    }

    /// Reads what comes next into the free part of `buffer`; nothing at the end.
    func read(into buffer: inout OutputSpan<UInt8>) throws(NetvizError) {
        while true {
            var code: Int32 = 0
            let count = unsafe buffer.withUnsafeMutableBufferPointer { bytes, initialized in
                let free = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(bytes)[initialized...])
                let count = unsafe Glibc.read(descriptor, free.baseAddress, free.count)
                code = errno
                initialized += max(count, 0)
                return count
            }
            if count >= 0 { return }
            guard code == EINTR else { throw Self.failure(name, code) }
        }
    }

    private static func failure(_ name: String, _ code: Int32) -> NetvizError {
        NetvizError(.input, "cannot read \(name): \(systemMessage(code))")
    }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String {
    unsafe String(cString: strerror(code))
}
