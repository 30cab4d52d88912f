package import JSONText

/// What the API server answers where it has nothing else to say, mostly why it refuses (`Status` of meta/v1).
package struct Status: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable {
        case success = "Success"
        case failure = "Failure"
    }

    /// An entry of `details.causes`.
    package struct Cause: Hashable, Sendable {
        /// `FieldValueInvalid`, `ExitCode`, `ResourceVersionTooLarge`…
        package let reason: String
        package let message: String
        /// The path of the field that it is about; empty where it is about none.
        package let field: String

        package init(reason: String, message: String, field: String = "") {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// `details` without what is here beside it.
    package struct Details: Hashable, Sendable {
        package let name: String
        package let group: String
        /// Mostly the resource, as `pods`; in an Invalid the kind, as `Pod`.
        package let kind: String

        package init(name: String = "", group: String = "", kind: String = "") {
            self.name = name
            self.group = group
            self.kind = kind
        }
    }

    package let outcome: Outcome
    /// The HTTP status; 0 where it is not told.
    package let code: Int
    /// The word for machines: `Forbidden`, `NotFound`, `Expired`…; empty where there is none.
    package let reason: String
    package let message: String
    package let details: Details?
    package let causes: [Cause]
    /// `details.retryAfterSeconds`; nil where it is 0 or not told.
    package let retryAfterSeconds: Int?
    /// `metadata.continue`, by which an expired list can be resumed, though not consistently; empty without one.
    package let continueToken: String

    package init(
        outcome: Outcome = .failure,
        code: Int,
        reason: String,
        message: String,
        details: Details? = nil,
        causes: [Cause] = [],
        retryAfterSeconds: Int? = nil,
        continueToken: String = ""
    ) {
        self.outcome = outcome
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.causes = causes
        self.retryAfterSeconds = retryAfterSeconds
        self.continueToken = continueToken
    }
}

extension Status {
    /// More causes than this are not kept.
    private static let mostCauses = 100

    /// - Returns: nil where the document is no Status. On the error channel of an exec a Status has no `kind`.
    package init?(_ document: JSONTree) {
        guard document["kind"] == nil || document["kind"]?.text == "Status",
            let outcome = document["status"]?.text.flatMap(Outcome.init(rawValue:))
        else { return nil }
        let details = document["details"]
        self.init(
            outcome: outcome,
            code: document["code"]?.integer.flatMap { Int(exactly: $0) } ?? 0,
            reason: document["reason"]?.text ?? "",
            message: document["message"]?.text ?? "",
            details: details.map {
                Details(
                    name: $0["name"]?.text ?? "",
                    group: $0["group"]?.text ?? "",
                    kind: $0["kind"]?.text ?? ""
                )
            },
            causes: (details?["causes"]?.elements ?? []).prefix(Self.mostCauses).map {
                Cause(
                    reason: $0["reason"]?.text ?? "",
                    message: $0["message"]?.text ?? "",
                    field: $0["field"]?.text ?? ""
                )
            },
            retryAfterSeconds: details?["retryAfterSeconds"]?.integer.flatMap { $0 > 0 ? Int(exactly: $0) : nil },
            continueToken: document["metadata"]?["continue"]?.text ?? ""
        )
    }

    /// - Returns: nil where the bytes are no JSON, or no Status.
    package init?(json bytes: [UInt8]) {
        guard let document = try? JSONTree(bytes) else { return nil }
        self.init(document)
    }
}
