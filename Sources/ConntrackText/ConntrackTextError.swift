/// Why a line is not a conntrack entry, and where in the line.
package struct ConntrackTextError: Error, Hashable, Sendable {
    /// What is wrong.
    package enum Code: UInt8, CaseIterable, Sendable {
        /// The line is longer than the reader takes.
        case lineTooLong
        /// The line does not begin as any form of a conntrack entry does.
        case notAnEntry
        /// What follows the protocol's name is not a protocol number.
        case invalidProtocol
        /// The value of `src=` or `dst=` is not an IPv4 or IPv6 address.
        case invalidAddress
        /// The value of `sport=` or `dport=` is not a port.
        case invalidPort
        /// An ICMP type or code is not a number of eight bits, or an ICMP `id=` not one of sixteen.
        case invalidICMP
        /// A GRE key is not a number of sixteen bits.
        case invalidKey
        /// The value of a numeric field is not a number, or is too large for the kernel's type.
        case invalidNumber
        /// A zone is not a number from 0 to 65535.
        case invalidZone
        /// The time of an event is not seconds, a point and microseconds.
        case invalidEventTime
        /// A bracket is opened and never closed.
        case unclosedBracket
        /// A word stands where none is expected.
        case unexpectedWord
        /// A field comes twice in one tuple, or there is a third tuple.
        case repeatedField
        /// The line ends before both tuples are complete, or packets come without bytes.
        case incomplete
        /// The addresses are not all of one family, or not of the family the line names.
        case mixedFamilies
    }

    package let code: Code
    /// The first byte that is wrong, counted from 1. What is missing is at the end of the line, one past its last byte.
    package let column: Int
    /// What stands there: a word, at most 40 bytes of it, or of a line that is no entry at most 90. It can hold any
    /// bytes; `description` escapes them.
    package let token: [UInt8]

    package init(code: Code, column: Int, token: [UInt8] = []) {
        self.code = code
        self.column = column
        self.token = token
    }
}

extension ConntrackTextError: CustomStringConvertible {
    /// `column 43: "sport=99999" is not a port (0-65535)`, in printable ASCII whatever the line held.
    package var description: String {
        let reason =
            switch code {
            case .lineTooLong: "the line is too long"
            case .notAnEntry: "\(quotedToken) is not a conntrack entry"
            case .invalidProtocol: "\(quotedToken) is not a protocol number (0-255)"
            case .invalidAddress: "\(quotedToken) is not an IPv4 or IPv6 address"
            case .invalidPort: "\(quotedToken) is not a port (0-65535)"
            case .invalidICMP: "\(quotedToken) is not an ICMP type or code (0-255), or identifier (0-65535)"
            case .invalidKey: "\(quotedToken) is not a GRE key (0x0-0xffff)"
            case .invalidNumber: "\(quotedToken) is not a number, or is too large"
            case .invalidZone: "\(quotedToken) is not a zone (0-65535)"
            case .invalidEventTime: "\(quotedToken) is not the time of an event (seconds.microseconds)"
            case .unclosedBracket: "\(quotedToken) has no closing bracket"
            case .unexpectedWord: "\(quotedToken) is not expected here"
            case .repeatedField: "\(quotedToken) is given once too often"
            case .incomplete: "the line ends before the entry is complete"
            case .mixedFamilies: "the addresses are not of one family"
            }
        return "column \(column): \(reason)"
    }

    /// The token in quotes. Terminals obey control characters and some obey bytes above 0x7E, so both are escaped.
    private var quotedToken: String {
        var text = "\""
        for byte in token {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += "\\" + String(UnicodeScalar(byte))
            case 0x20...0x7E: text.unicodeScalars.append(UnicodeScalar(byte))
            default: text += byte < 0x10 ? "\\x0" + String(byte, radix: 16) : "\\x" + String(byte, radix: 16)
            }
        }
        return text + "\""
    }
}
