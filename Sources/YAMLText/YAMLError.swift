/// What is wrong with a YAML text, and where. Nothing of the text itself is in it.
package struct YAMLError: Error, Hashable, Sendable {
    /// What is wrong.
    package enum Reason: Hashable, Sendable {
        /// The text is not YAML, in libyaml's words.
        case syntax(String)
        /// More lists and mappings within one another than the reader follows.
        case tooDeep(limit: Int)
        /// More values than the reader makes, those that aliases repeat included.
        case tooMany(limit: Int)
        /// An alias without an anchor before it.
        case unknownAnchor
        /// An alias to what it stands in.
        case selfReference
        /// A key that JSON cannot have: a list, a mapping, null.
        case unusableKey
        /// `<<` before something that is neither a mapping nor a list of mappings.
        case unusableMerge
        /// A value that is not what its tag says, or a number that is infinite or none.
        case unusableValue
    }

    package let reason: Reason
    /// Counted from 1.
    package let line: Int
}

extension YAMLError: CustomStringConvertible {
    package var description: String { "line \(line): \(reason)" }
}

extension YAMLError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .syntax(let message): message
        case .tooDeep(let limit): "more than \(limit) lists and mappings within one another"
        case .tooMany(let limit): "more than \(limit) values, those that aliases repeat included"
        case .unknownAnchor: "an alias whose anchor is not known"
        case .selfReference: "an anchor that contains itself"
        case .unusableKey: "a key must be a string, a number, true or false"
        case .unusableMerge: "'<<' takes a mapping or a list of mappings"
        case .unusableValue: "the value does not fit its tag, or is a number without a finite value"
        }
    }
}
