import Glibc
import Rendering
import TerminalText

/// The file that a run is recorded to.
///
/// It holds what the nodes told and the cluster's names, so it is nobody's but the user's: of mode 0600 before the first
/// byte is in it. It is written over where it is a regular file of the user's own; a symbolic link at its place is not
/// followed, because who put it there decides where it leads.
package final class RecordingFile: Sendable {
    private let name: String
    private let descriptor: Int32

    /// Opens the file, or makes it, and empties it.
    ///
    /// - Parameter inputs: the files that are read, "-" for standard input: none of them may be this one.
    init(path: String, inputs: [String]) throws(NetvizError) {
        name = PrintableText.escaped(path)
        let descriptor = try Self.open(path, name)
        do throws(NetvizError) {
            try Self.prepare(descriptor, name, inputs: inputs)
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    private static func open(_ path: String, _ name: String) throws(NetvizError) -> Int32 {
        var status = stat()
        if unsafe lstat(path, &status) == 0 {
            switch status.st_mode & S_IFMT {
            case S_IFREG: break
            case S_IFLNK:
                throw NetvizError(
                    .usage,
                    "cannot record to \(name): it is a symbolic link",
                    remedy: "Give the file that it leads to, or another."
                )
            case S_IFDIR: throw NetvizError(.usage, "cannot record to \(name): it is a directory")
            default: throw notRegular(name)
            }
        }
        // Not emptied yet: it may turn out to be one that must not be written over. A pipe that comes in between is not
        // waited for.
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK
        let descriptor = unsafe Glibc.open(path, flags, 0o600)
        guard descriptor >= 0 else {
            throw NetvizError(.usage, "cannot record to \(name): \(systemMessage(errno))")
        }
        return descriptor
    }

    private static func prepare(_ descriptor: Int32, _ name: String, inputs: [String]) throws(NetvizError) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure(name) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw notRegular(name) }
        guard status.st_uid == geteuid() else {
            throw NetvizError(
                .usage,
                "cannot record to \(name): it belongs to another user, who could read it",
                remedy: "Remove it, or give another file."
            )
        }
        for input in inputs where isSame(status, path: input) {
            throw NetvizError(.usage, "cannot record to \(name): it is read as well, and would be written over")
        }
        for stream in [STDOUT_FILENO, STDERR_FILENO] where isSame(status, descriptor: stream) {
            throw NetvizError(.usage, "cannot record to \(name): the result is written to it")
        }
        guard fchmod(descriptor, 0o600) == 0, ftruncate(descriptor, 0) == 0 else { throw failure(name) }
    }

    private static func isSame(_ status: stat, path: String) -> Bool {
        guard path != "-" else { return isSame(status, descriptor: STDIN_FILENO) }
        var other = stat()
        return unsafe stat(path, &other) == 0 && other.st_dev == status.st_dev && other.st_ino == status.st_ino
    }

    private static func isSame(_ status: stat, descriptor: Int32) -> Bool {
        var other = stat()
        return unsafe fstat(descriptor, &other) == 0 && other.st_dev == status.st_dev && other.st_ino == status.st_ino
    }

    /// Writes all bytes at the end of the file.
    func write(_ bytes: Span<UInt8>) throws(NetvizError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.extracting(droppingFirst: written).withUnsafeBytes { rest in
                unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno != EINTR { throw Self.failure(name) }
            written += max(count, 0)
        }
    }

    func close() throws(NetvizError) {
        if Glibc.close(descriptor) != 0, errno != EINTR { throw Self.failure(name) }
    }

    private static func notRegular(_ name: String) -> NetvizError {
        NetvizError(.usage, "cannot record to \(name): it is not a regular file")
    }

    private static func failure(_ name: String) -> NetvizError {
        NetvizError(.output, "cannot record to \(name): \(systemMessage(errno))")
    }
}
