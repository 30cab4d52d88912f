/// The lines that two texts do not share, in the form of `diff -U3`; empty when they are equal.
///
/// - Parameter lineLimit: the most lines that are shown.
package func lineDifference(expected: String, actual: String, lineLimit: Int = 200) -> String {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let new = actual.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in new.difference(from: old) {
        switch change {
        case .remove(let offset, _, _): removed.insert(offset)
        case .insert(let offset, _, _): inserted.insert(offset)
        }
    }
    if removed.isEmpty && inserted.isEmpty { return "" }

    var lines: [(text: String, changed: Bool)] = []
    var oldIndex = 0
    var newIndex = 0
    while oldIndex < old.count || newIndex < new.count {
        if removed.contains(oldIndex) {
            lines.append(("-" + old[oldIndex], true))
            oldIndex += 1
        } else if inserted.contains(newIndex) {
            lines.append(("+" + new[newIndex], true))
            newIndex += 1
        } else {
            lines.append((" " + old[oldIndex], false))
            oldIndex += 1
            newIndex += 1
        }
    }
    let context = 3
    var lastChange = -1 - context
    var nextChange = lines.indices.first { lines[$0].changed } ?? lines.count
    var shown: [String] = []
    for index in lines.indices {
        if lines[index].changed { lastChange = index }
        if nextChange <= index {
            nextChange = lines.indices[(index + 1)...].first { lines[$0].changed } ?? lines.count + context + 1
        }
        if index - lastChange <= context || nextChange - index <= context {
            shown.append(lines[index].text)
        } else if shown.last != "…" {
            shown.append("…")
        }
    }
    if shown.count > lineLimit {
        shown = shown.prefix(lineLimit) + ["… and \(shown.count - lineLimit) lines more"]
    }
    return shown.joined(separator: "\n")
}
