import Glibc
import JSONText

/// The process's own standard output and standard error.
enum StandardStreams {
    /// Takes the numbers of streams that were closed when the program was started, so that no file opened later gets
    /// one: what is meant for the user must fail rather than reach such a file. Each is opened the wrong way round,
    /// which makes its use fail as that of a closed one does (EBADF).
    static func reserveClosed() {
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest number that is free is the one that was closed.
            _ = unsafe open("/dev/null", mode)
        }
    }

    /// Writes all bytes to standard output.
    static func write(_ bytes: Span<UInt8>) throws(NetvizError) {
        guard let code = writeAll(bytes, to: STDOUT_FILENO) else { return }
        throw NetvizError(.output, "cannot write to standard output: \(systemMessage(code))")
    }

    /// Writes text to standard error as it is.
    static func write(error text: String) {
        _ = writeAll(Array(text.utf8).span, to: STDERR_FILENO)
    }

    /// How wide the terminal is that standard error is; nil where it is none, or does not tell.
    static var columns: Int? {
        var size = winsize()
        guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes a line to standard error; when that fails there is nobody left to tell.
    static func tell(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = writeAll(bytes.span, to: STDERR_FILENO)
    }

    /// Returns the error number when not everything could be written.
    private static func writeAll(_ bytes: Span<UInt8>, to descriptor: Int32) -> Int32? {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.extracting(droppingFirst: written).withUnsafeBytes { rest in
                unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno != EINTR { return errno }
            written += max(count, 0)
        }
        return nil
    }
}
