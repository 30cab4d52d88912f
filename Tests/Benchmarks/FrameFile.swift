import CollectorProtocol
import Glibc

/// What a collector wrote to a file, read piece by piece (see `ProcessCost` on memory).
struct FrameFile {
    /// In bytes.
    let size: Int
    let end: End

    init(path: String) throws(BenchmarkError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BenchmarkError("\(path): \(errorText(errno))") }
        defer { close(descriptor) }
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var reader = FrameStreamReader()
        var size = 0
        var end: End?
        do {
            while true {
                let count = unsafe read(descriptor, &piece, piece.count)
                guard count > 0 else { break }
                size += count
                try reader.read(piece.span.extracting(first: count)) { message in
                    if case .end(let last) = message { end = last }
                }
            }
            try reader.finish()
        } catch {
            throw BenchmarkError("\(path): \(error)")
        }
        guard let end else { throw BenchmarkError("\(path): no END in it") }
        self.size = size
        self.end = end
    }
}
