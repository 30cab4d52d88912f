import JSONText
import Secrets
import YAMLText

/// What a credential plugin prints: an `ExecCredential` of client.authentication.k8s.io.
struct ExecCredential: Sendable {
    /// Empty for none.
    let token: Secret
    let certificate: ClientCertificate?
    /// Nanoseconds since 1970; nil for credentials that hold until they are refused.
    let expires: Int64?

    /// Reads it, as JSON or as YAML.
    ///
    /// - Throws: client-go's words; nothing that the plugin printed is in them but a version.
    init(_ output: Secret, version: ExecPlugin.Version) throws(KubeconfigError) {
        do throws(FieldError) {
            let fields = try DocumentFields(Self.document(output.reveal()), path: "")
            try self.init(fields, version: version)
        } catch {
            throw KubeconfigError(.credential, ["decoding stdout: line \(error.line): \(error.message)"])
        }
    }

    private init(_ fields: DocumentFields, version: ExecPlugin.Version) throws(FieldError) {
        let line = fields.node.line
        guard try fields.string("kind") == "ExecCredential" else {
            throw FieldError(line: line, message: "kind: this is no ExecCredential")
        }
        let found = try fields.string("apiVersion")
        guard found == version.rawValue else {
            throw FieldError(
                line: line,
                message:
                    "exec plugin is configured to use API version \(version.rawValue), plugin returned version \(ShownText.line(found))"
            )
        }
        guard let status = try fields.object("status") else {
            throw FieldError(line: line, message: "exec plugin didn't return a status field")
        }
        token = try status.secret("token")
        let chain = try status.string("clientCertificateData")
        let key = try status.secret("clientKeyData")
        guard !token.isEmpty || !chain.isEmpty || !key.isEmpty else {
            throw FieldError(line: line, message: "exec plugin didn't return a token or cert/key pair")
        }
        guard chain.isEmpty == key.isEmpty else {
            throw FieldError(line: line, message: "exec plugin returned only certificate or key, not both")
        }
        guard TextTrimming.fitsHeader(token.reveal()) else {
            throw FieldError(line: line, message: "the token has control characters, which cannot be in a header")
        }
        let certificate = chain.isEmpty ? nil : ClientCertificate(chain: Array(chain.utf8), key: key)
        if let trouble = certificate.flatMap(PEMText.trouble) {
            throw FieldError(line: line, message: "failed parsing client key/certificate: \(trouble)")
        }
        self.certificate = certificate
        expires = try Self.moment(status, "expirationTimestamp")
    }

    private static func document(_ output: [UInt8]) throws(FieldError) -> DocumentNode {
        if TextTrimming.trimmed(output).first == UInt8(ascii: "{") {
            do throws(JSONError) {
                return try DocumentNode(json: output)
            } catch {
                throw FieldError(line: error.line, message: "\(error.reason)")
            }
        }
        do throws(YAMLError) {
            var reader = try YAMLReader(output)
            return try reader.nextDocument() ?? DocumentNode(.null, line: 1)
        } catch {
            throw FieldError(line: error.line, message: "\(error.reason)")
        }
    }

    /// A moment in the form of RFC 3339; nil for none, and for Go's zero, which is none to client-go.
    private static func moment(_ fields: DocumentFields, _ key: String) throws(FieldError) -> Int64? {
        let text = try fields.string(key)
        guard !text.isEmpty, text != "0001-01-01T00:00:00Z" else { return nil }
        if let moment = RFC3339.nanoseconds(text) { return moment }
        // Years beyond those that 64 bits of nanoseconds hold: long ago, or as good as never.
        guard let year = Int(text.prefix(4)), RFC3339.nanoseconds("2000" + text.dropFirst(4)) != nil else {
            throw fields.error(fields[key] ?? fields.node, at: key, "this is no moment in the form of RFC 3339")
        }
        return year < 2000 ? Int64.min : nil
    }
}
