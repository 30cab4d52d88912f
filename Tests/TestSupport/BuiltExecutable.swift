import Glibc

/// The executables of the build that the running tests belong to.
package enum BuiltExecutable {
    /// `kubectl-netviz`, the plugin.
    package static func kubectlNetviz() throws -> String { try named("kubectl-netviz") }

    /// `netviz-collector`, what runs on nodes.
    package static func netvizCollector() throws -> String { try named("netviz-collector") }

    /// The path of an executable product of this build. Its target must be a dependency of the test target, or it
    /// may be missing or out of date.
    /// - Throws: `NotBuilt` when there is none.
    package static func named(_ name: String) throws -> String {
        // On Linux the test bundle is itself the running program and lies beside the products. Where a helper of the
        // toolchain loads the bundle instead, the arguments name it.
        let programs = [try linkTarget("/proc/self/exe")] + CommandLine.arguments
        for program in programs where program.contains("PackageTests.xctest") {
            var folder = program[...]
            while let slash = folder.lastIndex(of: "/") {
                folder = folder[..<slash]
                if unsafe access("\(folder)/\(name)", X_OK) == 0, !fileExists("\(folder)/\(name)/.") {
                    return "\(folder)/\(name)"
                }
                if !folder.contains(".xctest") { break }
            }
        }
        throw NotBuilt(name: name, programs: programs)
    }

    /// No executable of this name lies beside the running test bundle.
    package struct NotBuilt: Error, CustomStringConvertible {
        package let name: String
        package let programs: [String]

        package var description: String {
            "\(name) is not beside the test bundle; looked beside \(programs.joined(separator: ", "))"
        }
    }

    private static func linkTarget(_ path: String) throws(FileError) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                guard let start = characters.baseAddress else { return -1 }
                return unsafe readlink(path, start, characters.count)
            }
        }
        guard count >= 0 else { throw FileError("read", path) }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}
