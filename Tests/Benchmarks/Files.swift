import Glibc

/// Writes a file through a small buffer: inputs are larger than what may be held in memory (see `ProcessCost`).
struct FileWriter: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private static let capacity = 1 << 16

    /// Makes or empties the file at `path`.
    init(path: String) throws(BenchmarkError) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw BenchmarkError("\(path): \(errorText(errno))") }
        buffer.reserveCapacity(2 * Self.capacity)
    }

    deinit {
        close(descriptor)
    }

    mutating func write(_ text: String) throws(BenchmarkError) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.capacity { try flush() }
    }

    mutating func write(_ bytes: Span<UInt8>) throws(BenchmarkError) {
        buffer.reserveCapacity(buffer.count + bytes.count)
        for index in bytes.indices { buffer.append(bytes[index]) }
        if buffer.count >= Self.capacity { try flush() }
    }

    mutating func write(_ bytes: [UInt8]) throws(BenchmarkError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.capacity { try flush() }
    }

    /// Hands what is still buffered to the system; to be called after the last `write`.
    mutating func flush() throws(BenchmarkError) {
        var written = 0
        while written < buffer.count {
            let count = unsafe buffer.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written)
            }
            guard count >= 0 || errno == EINTR else { throw BenchmarkError("\(path): \(errorText(errno))") }
            written += max(count, 0)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Makes the folder at `path` and those above it.
func makeFolder(_ path: String) throws(BenchmarkError) {
    var made = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
        made += part
        if !made.isEmpty {
            let result = unsafe mkdir(made, 0o755)
            guard result == 0 || errno == EEXIST else { throw BenchmarkError("\(made): \(errorText(errno))") }
        }
        made += "/"
    }
}

/// Writes the file at `path` with `body` unless it is there; a file of that name is always a complete one.
func makeFile(_ path: String, _ body: (inout FileWriter) throws(BenchmarkError) -> Void) throws(BenchmarkError) {
    guard unsafe access(path, F_OK) != 0 else { return }
    let partial = path + ".partial"
    var writer = try FileWriter(path: partial)
    try body(&writer)
    try writer.flush()
    guard unsafe rename(partial, path) == 0 else { throw BenchmarkError("\(path): \(errorText(errno))") }
}

/// The text of the file at `path`.
func contents(of path: String) throws(BenchmarkError) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw BenchmarkError("\(path): \(errorText(errno))") }
    defer { close(descriptor) }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var bytes: [UInt8] = []
    while true {
        let count = unsafe read(descriptor, &piece, piece.count)
        guard count > 0 else {
            guard count == 0 else { throw BenchmarkError("\(path): \(errorText(errno))") }
            return String(decoding: bytes, as: UTF8.self)
        }
        bytes += piece[..<count]
    }
}
