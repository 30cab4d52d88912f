/// A piece of what a packet filter's program printed.
package struct RulesPiece: Hashable, Sendable {
    /// The program that printed it. The raw values are on the wire and never change.
    package enum Program: UInt8, CaseIterable, Sendable {
        case iptablesLegacySave = 1
        case ip6tablesLegacySave = 2
        case iptablesNFTSave = 3
        case ip6tablesNFTSave = 4
        /// `nft -j list ruleset`
        case nftListRuleset = 5
    }

    package enum Moment: UInt8, CaseIterable, Sendable {
        case begin = 1
        case end = 2
    }

    package var program: Program
    package var moment: Moment
    /// Bytes as they were printed, cut anywhere.
    package var text: [UInt8]
    /// Whether nothing of this program and moment follows.
    package var isLast: Bool

    package init(program: Program, moment: Moment, text: [UInt8], isLast: Bool) {
        self.program = program
        self.moment = moment
        self.text = text
        self.isLast = isLast
    }
}

extension RulesPiece {
    /// `part` in place of the whole text.
    func append(_ part: Range<Int>, isLast: Bool, to payload: inout [UInt8]) {
        payload.appendField(1, program.rawValue)
        payload.appendField(2, moment.rawValue)
        payload.appendField(3, isLast)
        payload.appendField(4, bytes: text.span.extracting(part))
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        var program: Program?
        var moment: Moment?
        var isLast = false
        var text: [UInt8] = []
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: program = try field.choice()
            case 2: moment = try field.choice()
            case 3: isLast = try field.boolean()
            case 4:
                text.removeAll(keepingCapacity: true)
                text.appendBytes(bytes.extracting(try field.range()))
            default: break
            }
        }
        guard let program else { throw .undecodable("RULES: the program is missing") }
        guard let moment else { throw .undecodable("RULES: the moment is missing") }
        self.init(program: program, moment: moment, text: text, isLast: isLast)
    }
}
