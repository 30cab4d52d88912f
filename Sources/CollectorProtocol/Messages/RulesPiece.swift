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
