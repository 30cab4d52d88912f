import Glibc
package import Testing

/// Expects `text` to be what the file at `path` holds, and shows the lines that differ.
///
/// With `NETVIZ_UPDATE_GOLDENS=1` in the environment a file that differs is rewritten, and the test still fails, so
/// that no run which changed its own expectation passes.
/// - Parameter path: named from the root of the repository, or a full path.
package func expectGolden(
    _ text: String,
    at path: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    if let problem = goldenProblem(text, at: path) {
        Issue.record(Comment(rawValue: problem), sourceLocation: sourceLocation)
    }
}

/// What ``expectGolden(_:at:sourceLocation:)`` reports; nil when the text is as expected.
package func goldenProblem(_ text: String, at path: String, updating: Bool = updatesGoldens) -> String? {
    let fullPath = path.hasPrefix("/") ? path : Repository.path(path)
    let expected: [UInt8]?
    do {
        expected = try readFile(fullPath)
    } catch {
        guard error.code == ENOENT else { return error.description }
        expected = nil
    }
    // By bytes: two strings that differ only in Unicode normalisation are equal to Swift.
    if let expected, expected.elementsEqual(text.utf8) { return nil }

    let difference = lineDifference(expected: expected.map { String(decoding: $0, as: UTF8.self) } ?? "", actual: text)
    if updating {
        do {
            try writeFile(text.utf8, to: fullPath)
        } catch {
            return error.description
        }
        return "\(path) was rewritten; look at the change, then run again without NETVIZ_UPDATE_GOLDENS\n\(difference)"
    }
    let what = expected == nil ? "\(path) does not exist" : "the text is not that of \(path)"
    return "\(what); NETVIZ_UPDATE_GOLDENS=1 rewrites it\n\(difference)"
}

/// Whether golden files are to be rewritten in this run.
package var updatesGoldens: Bool {
    guard let value = unsafe getenv("NETVIZ_UPDATE_GOLDENS") else { return false }
    return unsafe String(cString: value) == "1"
}
