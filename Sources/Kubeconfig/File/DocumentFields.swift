import JSONText
import Secrets

/// Why a document is not what it should be: where, and what is wrong. Values are not in it.
struct FieldError: Error {
    let line: Int
    let message: String
}

/// The fields of an object in a document, with the way to it for messages. A field that is missing or null has its type's
/// empty value; unknown ones are ignored, as by kubectl.
struct DocumentFields {
    let node: DocumentNode
    /// As `clusters[0].cluster`; empty for the document itself.
    let path: String

    /// - Throws: when the value is neither an object nor null.
    init(_ node: DocumentNode, path: String) throws(FieldError) {
        switch node.kind {
        case .object, .null: break
        case let kind:
            throw FieldError(
                line: node.line,
                message: (path.isEmpty ? "" : path + ": ") + "\(kind.phrase) where an object is expected")
        }
        self.node = node
        self.path = path
    }

    /// A field's value; nil for none and for null.
    subscript(_ key: String) -> DocumentNode? {
        node[key].flatMap { $0.kind == .null ? nil : $0 }
    }

    func string(_ key: String) throws(FieldError) -> String {
        guard let node = self[key] else { return "" }
        return try string(node, at: key)
    }

    func secret(_ key: String) throws(FieldError) -> Secret {
        Secret(try string(key))
    }

    func boolean(_ key: String) throws(FieldError) -> Bool {
        guard let node = self[key] else { return false }
        guard case .boolean(let value) = node.value else { throw mismatch(node, at: key, expected: .boolean) }
        return value
    }

    func strings(_ key: String) throws(FieldError) -> [String] {
        var strings: [String] = []
        for (index, element) in try elements(key).enumerated() {
            strings.append(element.kind == .null ? "" : try string(element, at: "\(key)[\(index)]"))
        }
        return strings
    }

    /// Bytes in base64.
    func bytes(_ key: String) throws(FieldError) -> [UInt8] {
        guard let node = self[key] else { return [] }
        guard let bytes = Base64.decoded(try string(node, at: key).utf8) else {
            throw error(node, at: key, "this is not base64")
        }
        return bytes
    }

    /// An object in a field; nil for none.
    func object(_ key: String) throws(FieldError) -> DocumentFields? {
        guard let node = self[key] else { return nil }
        return try DocumentFields(node, path: place(key))
    }

    /// The objects in a list.
    func objects(_ key: String) throws(FieldError) -> [DocumentFields] {
        var objects: [DocumentFields] = []
        for (index, element) in try elements(key).enumerated() {
            objects.append(try DocumentFields(element, path: place("\(key)[\(index)]")))
        }
        return objects
    }

    /// The keys and values of the object itself, each key once.
    func members() -> [String: DocumentNode] {
        guard case .object(let members) = node.value else { return [:] }
        return Dictionary(members.map { ($0.key, $0.node) }) { $1 }
    }

    func error(_ node: DocumentNode, at key: String, _ message: String) -> FieldError {
        FieldError(line: node.line, message: "\(place(key)): \(message)")
    }

    func string(_ node: DocumentNode, at key: String) throws(FieldError) -> String {
        guard case .string(let text) = node.value else { throw mismatch(node, at: key, expected: .string) }
        return text
    }

    private func elements(_ key: String) throws(FieldError) -> [DocumentNode] {
        guard let node = self[key] else { return [] }
        guard case .array(let elements) = node.value else { throw mismatch(node, at: key, expected: .array) }
        return elements
    }

    private func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private func mismatch(_ node: DocumentNode, at key: String, expected: JSONKind) -> FieldError {
        let hint = expected == .string && node.kind != .array && node.kind != .object ? "; put it in quotes" : ""
        return error(node, at: key, "\(node.kind.phrase) where \(expected.phrase) is expected\(hint)")
    }
}
