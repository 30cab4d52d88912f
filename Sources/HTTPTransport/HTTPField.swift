package import Secrets

/// What a header field holds: text that a log may show, or a credential that it may not.
package enum HTTPFieldValue: Sendable, Hashable, ExpressibleByStringLiteral {
    case plain(String)
    case secret(Secret)

    package init(stringLiteral text: String) { self = .plain(text) }

    /// The bytes that are sent.
    var bytes: [UInt8] {
        switch self {
        case .plain(let text): [UInt8](text.utf8)
        case .secret(let secret): secret.reveal()
        }
    }
}

/// One header field of a request, RFC 9110 5.
package struct HTTPField: Sendable, Hashable {
    /// The name as it is sent over HTTP/1.1; HTTP/2 has names in lower case.
    package var name: String
    package var value: HTTPFieldValue

    package init(_ name: String, _ value: HTTPFieldValue) {
        self.name = name
        self.value = value
    }
}

/// The header fields of a response in the order they came; names are compared without regard to case, and a name may
/// come several times.
package struct HTTPFields: Sendable, Hashable {
    package private(set) var all: [Field] = []

    package struct Field: Sendable, Hashable {
        package let name: String
        package let value: String
    }

    package init() {}

    package mutating func append(_ name: String, _ value: String) {
        all.append(Field(name: name, value: value))
    }

    /// The value of the first field of that name.
    package subscript(_ name: String) -> String? {
        all.first { isEqualIgnoringCase($0.name, name) }?.value
    }

    /// The values of all fields of that name.
    package func values(_ name: String) -> [String] {
        all.filter { isEqualIgnoringCase($0.name, name) }.map(\.value)
    }
}

/// Whether two names are the same but for the case of ASCII letters.
func isEqualIgnoringCase(_ one: some StringProtocol, _ other: some StringProtocol) -> Bool {
    one.utf8.count == other.utf8.count && zip(one.utf8, other.utf8).allSatisfy { lowercased($0) == lowercased($1) }
}

/// An ASCII letter in lower case; any other byte as it is.
func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
