import ConntrackText
import Glibc
import NetModel
import Testing

/// Finds out whether code allocates memory, even if it frees it again, with no help but malloc's own.
///
/// glibc keeps freed blocks of up to 1032 bytes in a list for each size and thread, and gives out the last one first. So
/// a block of each size is filled with a pattern and freed; what the code allocates lies in one of them and overwrites
/// the pattern, or has not been freed and the block is another. Only the first 16 bytes, which malloc itself uses, tell
/// nothing; a Swift object has its fields, and an array its count, after them.
private enum AllocationDetector {
    private static let sizes = Array(stride(from: 24, through: 1032, by: 16))
    private static let pattern: UInt8 = 0xA5

    /// The sizes of blocks that `body` allocates on this thread, rounded up to malloc's.
    static func sizesAllocated(in body: () -> Void) throws -> [Int] {
        // Found by name, so that the compiler, which knows malloc, does not reason about what is in the blocks.
        let mallocAddress = unsafe try #require(dlsym(nil, "malloc"))
        let freeAddress = unsafe try #require(dlsym(nil, "free"))
        let malloc = unsafe unsafeBitCast(mallocAddress, to: (@convention(c) (Int) -> UnsafeMutableRawPointer?).self)
        let free = unsafe unsafeBitCast(freeAddress, to: (@convention(c) (UnsafeMutableRawPointer?) -> Void).self)
        var before = unsafe [UnsafeMutableRawPointer?](repeating: nil, count: sizes.count)
        var spare = unsafe [UnsafeMutableRawPointer?](repeating: nil, count: sizes.count)
        var isTouched = [Bool](repeating: false, count: sizes.count)

        for index in sizes.indices {
            unsafe before[index] = malloc(sizes[index])
            // The list takes seven blocks, and malloc can fill it: a second block makes room for the first.
            unsafe spare[index] = malloc(sizes[index])
            unsafe before[index]?.initializeMemory(as: UInt8.self, repeating: pattern, count: sizes[index])
        }
        for index in sizes.indices { unsafe free(before[index]) }
        body()
        for index in sizes.indices {
            let block = unsafe malloc(sizes[index])
            if unsafe block != before[index] { isTouched[index] = true }
            for offset in 16..<sizes[index] where unsafe block?.load(fromByteOffset: offset, as: UInt8.self) != pattern
            {
                isTouched[index] = true
            }
            unsafe before[index] = block
        }
        for index in sizes.indices {
            unsafe free(before[index])
            unsafe free(spare[index])
        }
        return zip(sizes, isTouched).filter(\.1).map(\.0)
    }
}

@Suite("Memory")
struct AllocationTests {
    @Test("is not allocated for a line, in whatever pieces it comes", arguments: [100, 1000, 1 << 20])
    func perLine(pieceSize: Int) throws {
        // Only entries: of a line that is none the reading throws inside, and the testing library notes each throw.
        let lines = Samples.genuine.map(\.lines).joined().filter { $0.contains("src=") }
        let text = Array(lines.map { "\($0)\n" }.joined().utf8)
        var reader = ConntrackTextReader()
        var checksum: UInt64 = 0
        var refused = 0
        // The first round makes the tables of words and the buffer for lines that come in two pieces.
        read(text, pieceSize, &reader, &checksum, &refused)
        let sizes = try AllocationDetector.sizesAllocated {
            for _ in 0..<3 { read(text, pieceSize, &reader, &checksum, &refused) }
        }
        #expect(sizes == [])
        #expect(reader.counts.entries > 1000)
        #expect(checksum > 0)
        #expect(refused == 0)
    }

    @Test("that is allocated and freed again is noticed by this very test", arguments: [1, 10, 100])
    func control(count: Int) throws {
        var sum = 0
        let sizes = try AllocationDetector.sizesAllocated {
            let numbers = [Int](repeating: count, count: count)
            for number in numbers { sum += number }
        }
        // An array has 32 bytes before its elements.
        #expect(sizes.contains { $0 >= 32 + 8 * count })
        #expect(sum == count * count)
    }

    private func read(
        _ text: [UInt8],
        _ pieceSize: Int,
        _ reader: inout ConntrackTextReader,
        _ checksum: inout UInt64,
        _ refused: inout Int
    ) {
        var start = 0
        while start < text.count {
            let end = min(start + pieceSize, text.count)
            reader.read(
                text.span.extracting(start..<end),
                entry: { checksum &+= UInt64($0.original.destinationPort) },
                malformed: { _ in refused += 1 }
            )
            start = end
        }
    }
}
