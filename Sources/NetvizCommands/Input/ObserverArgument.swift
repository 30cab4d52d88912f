import FlowGraph
import Rendering
import TerminalText

/// One value of `--from`: a file, and the node that it is of where that was said.
struct ObserverArgument: Hashable {
    let observer: Observer
    let path: String

    /// `NODE=FILE` where what stands before the first `=` can be a node's name (RFC 1123 subdomain), else `FILE`. A
    /// file whose own name looks like that is given as `./a=b`.
    init(_ text: String) {
        if let equals = text.firstIndex(of: "="), Self.isNodeName(text[..<equals]) {
            observer = Observer(name: String(text[..<equals]), isNode: true)
            path = String(text[text.index(after: equals)...])
        } else {
            observer = Observer(name: text == "-" ? "standard input" : text, isNode: false)
            path = text
        }
    }

    /// The file's name, for messages.
    var fileName: String { path == "-" ? "standard input" : PrintableText.escaped(path) }

    private static func isNodeName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= 253 else { return false }
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }
}
