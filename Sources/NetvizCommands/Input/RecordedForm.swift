import CollectorProtocol
import ConntrackText
import FirewallRules
import JSONText
import NetModel

/// What a file given to `--from` holds, as its first bytes tell: its name does not matter.
enum RecordedForm {
    /// A recorded run.
    case bundle
    /// conntrack's text.
    case conntrackText
    /// A packet filter's rules, or what `conntrack -S` printed.
    case rules(BundleRulesText.Form)

    /// How many bytes are looked at, where there are as many.
    static let lookedAt = 512

    /// - Throws: when it is plainly another kind of file: it is named as what it is, not line by line.
    init(_ bytes: Span<UInt8>, file: String) throws(NetvizError) {
        // One that is cut off within its first bytes is one all the same: no text begins like that.
        if !bytes.isEmpty, Self.begins(bytes, with: Array(BundleFormat.magic.prefix(bytes.count))) {
            self = .bundle
            return
        }
        if Self.begins(bytes, with: [0x1F, 0x8B]) {
            throw NetvizError(.input, "\(file) is compressed by gzip", remedy: "Give it as '--from -' behind 'zcat'.")
        }
        if Self.begins(bytes, with: [0xFF, 0xFE]) || Self.begins(bytes, with: [0xFE, 0xFF]) {
            throw NetvizError(.input, "\(file) is UTF-16 text", remedy: "Save it as UTF-8.")
        }
        if let form = RulesForm.detect(bytes) {
            self = .rules(form.recorded)
            return
        }
        if ConntrackStatistics.isStatistics(bytes) {
            self = .rules(.conntrackStatistics)
            return
        }
        if Self.firstCharacter(bytes) == UInt8(ascii: "{") {
            throw NetvizError(
                .input,
                "\(file) is JSON, but neither conntrack's text nor 'nft -j list ruleset'",
                remedy: "Objects of the cluster are given with --inventory."
            )
        }
        self = .conntrackText
    }

    private static func begins(_ bytes: Span<UInt8>, with beginning: [UInt8]) -> Bool {
        guard bytes.count >= beginning.count else { return false }
        return beginning.indices.allSatisfy { bytes[$0] == beginning[$0] }
    }

    /// The first byte that is not white space.
    private static func firstCharacter(_ bytes: Span<UInt8>) -> UInt8? {
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): continue
            case let byte: return byte
            }
        }
        return nil
    }
}

extension RulesForm {
    fileprivate var recorded: BundleRulesText.Form {
        switch self {
        case .iptablesSave: .iptablesSave
        case .iptablesList: .iptablesList
        case .nftJSON: .nftJSON
        }
    }
}

/// A file that was opened, and what it holds.
struct RecordedFile {
    let form: RecordedForm
    /// All of its bytes, those that were looked at first.
    let source: ByteSource

    /// - Parameter name: the file's, for messages.
    init(_ source: @escaping ByteSource, name: String) throws {
        var first: [UInt8] = []
        while first.count < RecordedForm.lookedAt {
            let known = first.count
            try first.append(addingCapacity: RecordedForm.lookedAt - known, initializingWith: source)
            if first.count == known { break }
        }
        form = try RecordedForm(first.span, file: name)
        var rest = first[...]
        self.source = { buffer in
            guard rest.isEmpty else {
                let count = min(rest.count, buffer.freeCapacity)
                for byte in rest.prefix(count) { buffer.append(byte) }
                rest.removeFirst(count)
                return
            }
            try source(&buffer)
        }
    }
}
