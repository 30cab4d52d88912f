import CollectorProtocol
import FlowGraph
import Glibc
import NetModel

/// How long each step takes with a bundle, one after the other on one processor.
struct BundleStages {
    let path: String

    func measure() throws(BenchmarkError) {
        let bytes = try read()
        var checksum: UInt32 = 0
        time("checksum of \(bytes.count / 1_000_000) MB") {
            var sum = CRC32()
            sum.update(bytes.span)
            checksum = sum.value
        }
        var pieces: [BundlePiece] = []
        time("cutting") { pieces = cut(bytes) }
        var decoded: [DecodedBundlePiece] = []
        time("decoding, checksums among it") { decoded = pieces.map { DecodedBundlePiece($0) } }
        var blocks: [EntryBlock] = []
        var failure: BundleError?
        time("reading in order") {
            var reader = BundleReader()
            blocks = []
            for piece in decoded {
                reader.read(piece) { item in
                    if case .stream(.entries(let block)) = item.message { blocks.append(block) }
                }
            }
            reader.finish()
            failure = reader.failure
        }
        if let failure { throw BenchmarkError("\(path): \(failure)") }
        let entries = blocks.reduce(0) { $0 + $1.entries.count }
        time("joining \(entries) entries") {
            var table = ConnectionTable()
            let observer = table.register(Observer(name: "n1", isNode: true))
            for block in blocks { table.add(block.entries, windows: block.windows, observer: observer) }
        }
        guard checksum != 0 else { throw BenchmarkError("\(path): no checksum") }
    }

    private func cut(_ bytes: [UInt8]) -> [BundlePiece] {
        var position = 0
        var cutter = BundlePieces()
        var pieces: [BundlePiece] = []
        while let piece = try? cutter.next(from: { buffer in
            let count = min(buffer.freeCapacity, bytes.count - position)
            for index in position..<position + count { buffer.append(bytes[index]) }
            position += count
        }) {
            pieces.append(piece)
        }
        return pieces
    }

    private func time(_ what: String, _ body: () -> Void) {
        var best = Duration.seconds(1000)
        for _ in 0..<3 {
            let took = ContinuousClock().measure(body)
            best = min(best, took)
        }
        print("\(what): \(best.components.attoseconds / 1_000_000_000_000_000) ms")
    }

    private func read() throws(BenchmarkError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BenchmarkError("\(path): \(errorText(errno))") }
        defer { close(descriptor) }
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var bytes: [UInt8] = []
        while true {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            guard count > 0 else { return bytes }
            bytes += piece[..<count]
        }
    }
}
