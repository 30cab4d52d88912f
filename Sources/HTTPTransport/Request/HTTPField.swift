package import Secrets

/// A header field of a request (RFC 9110 section 5).
package struct HTTPField: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
        case text(String)
        /// A credential; it is sent and never shown.
        case secret(Secret)
    }

    package let name: String
    package let value: Value

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = .text(value)
    }

    package init(_ name: String, _ value: Secret) {
        self.name = name
        self.value = .secret(value)
    }

    /// The value as it may be shown.
    package var shownValue: String {
        switch value {
        case .text(let text): text
        case .secret(let secret): "\(secret)"
        }
    }

    /// The line that is sent, without its end; nil where the value would break the line, and with it the request.
    var line: String? {
        let text =
            switch value {
            case .text(let text): text
            case .secret(let secret): secret.revealText()
            }
        guard !(name + text).utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) else { return nil }
        // libcurl takes "Name:" for the wish to send no such field, and "Name;" for one without a value.
        return text.isEmpty ? "\(name);" : "\(name): \(text)"
    }
}

/// The header fields of a response, in their order. Names are compared without regard to case.
package struct HTTPFields: Sendable, Hashable {
    private var fields: [(name: String, value: String)] = []

    package init() {}

    mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }

    /// The first value of a field; nil where there is none.
    package subscript(_ name: String) -> String? {
        let name = name.lowercased()
        return fields.first { $0.name.lowercased() == name }?.value
    }

    /// All values of a field.
    package func values(of name: String) -> [String] {
        let name = name.lowercased()
        return fields.filter { $0.name.lowercased() == name }.map(\.value)
    }

    package static func == (left: HTTPFields, right: HTTPFields) -> Bool {
        left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }

    package func hash(into hasher: inout Hasher) {
        for field in fields {
            hasher.combine(field.name)
            hasher.combine(field.value)
        }
    }
}
