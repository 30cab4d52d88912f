/// The checkout that these tests were built from.
package enum Repository {
    /// The folder that holds Package.swift, without a slash at the end.
    package static let root: String = {
        // This file is Tests/TestSupport/Repository.swift.
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return parts.joined(separator: "/")
    }()

    /// The full path of a file named from the root, as `Tests/Fixtures/x.json`.
    package static func path(_ relative: String) -> String {
        root + "/" + relative
    }
}
