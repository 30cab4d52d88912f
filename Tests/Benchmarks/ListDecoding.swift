import Glibc
import Inventory
import NetModel

/// Decodes the body of a list of pods from a file, in chunks as they come from a network, makes an index of what it holds
/// and prints a line.
enum ListDecoding {
    /// What asks netviz-bench for it in place of measuring.
    static let argument = "--decode-pods"
    /// What libcurl hands out at a time (`CURLOPT_BUFFERSIZE`, its largest is 512 KiB).
    private static let chunkLength = 1 << 16

    static func run(_ path: String) throws(BenchmarkError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BenchmarkError("\(path): \(errorText(errno))") }
        defer { close(descriptor) }
        let now = Timestamp(seconds: 1_795_403_600)
        let scope = InventoryStore.Scope(.pod)
        var chunk = [UInt8](repeating: 0, count: chunkLength)
        var decoder = ListDecoder(.protobuf, of: .pod)
        var store = InventoryStore()
        store.beginList(of: scope)
        do {
            while true {
                let count = unsafe read(descriptor, &chunk, chunk.count)
                guard count >= 0 else { throw BenchmarkError("\(path): \(errorText(errno))") }
                guard count > 0 else { break }
                try decoder.append(chunk.span.extracting(0..<count)) { store.add($0, at: now) }
            }
            store.endList(of: scope, try decoder.finish(), at: now)
        } catch {
            throw BenchmarkError("\(path): \(error)")
        }
        guard decoder.problems.isEmpty else { throw BenchmarkError("\(path): \(decoder.problems)") }
        print("\(store.counts.living) pods at \(store.progress(of: scope).resourceVersion)")
    }
}
