/// A piece of the text of a packet filter's rules, or of what the table counts of itself, that was given as a file.
package struct BundleRulesText: Hashable, Sendable {
    /// The form of the text. The raw values are in files and never change.
    package enum Form: UInt8, CaseIterable, Sendable {
        /// `iptables-save`, `ip6tables-save`
        case iptablesSave = 1
        /// `iptables -L`
        case iptablesList = 2
        /// `nft -j list ruleset`
        case nftJSON = 3
        /// `conntrack -S`
        case conntrackStatistics = 4
    }

    package var form: Form
    /// Bytes as they were in the file, cut anywhere.
    package var text: [UInt8]
    /// Whether nothing of the file follows.
    package var isLast: Bool

    package init(form: Form, text: [UInt8], isLast: Bool) {
        self.form = form
        self.text = text
        self.isLast = isLast
    }
}

extension BundleRulesText {
    /// `part` in place of the whole text.
    func append(_ part: Range<Int>, isLast: Bool, to payload: inout [UInt8]) {
        payload.appendField(1, form.rawValue)
        payload.appendField(2, isLast)
        payload.appendField(3, bytes: text.span.extracting(part))
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        var form: Form?
        var isLast = false
        var text: [UInt8] = []
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: form = try field.choice()
            case 2: isLast = try field.boolean()
            case 3: text = try field.bytes(bytes)
            default: break
            }
        }
        guard let form else { throw .undecodable("RULES TEXT: the form is missing") }
        self.init(form: form, text: text, isLast: isLast)
    }
}
