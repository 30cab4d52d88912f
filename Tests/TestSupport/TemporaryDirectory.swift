import Glibc

/// Makes a folder of mode 0700 under `TMPDIR` or /tmp for the time of `body`, and removes it with all that is in it
/// on every way out.
package func withTemporaryDirectory<Value>(_ body: (_ path: String) async throws -> Value) async throws -> Value {
    let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/netviz-tests-XXXXXX\0".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { characters in
        unsafe characters.baseAddress.map { unsafe mkdtemp($0) != nil } ?? false
    }
    guard made else { throw FileError("create", parent + "/netviz-tests-XXXXXX") }
    let path = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let value: Value
    do {
        value = try await body(path)
    } catch {
        // What went wrong in the body matters more than a folder that stays.
        try? removeTree(path)
        throw error
    }
    try removeTree(path)
    return value
}
