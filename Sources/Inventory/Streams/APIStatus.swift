/// What the API server says went wrong (`meta/v1.Status`).
package struct APIStatus: Error, Hashable, Sendable {
    /// An entry of `details.causes`.
    package struct Cause: Hashable, Sendable {
        /// "FieldValueInvalid", "ResourceVersionTooLarge", …
        package let reason: String
        package let message: String
        /// The path of the field, when it is about one.
        package let field: String

        package init(reason: String, message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// The HTTP status, 0 when it is not told.
    package let code: Int
    /// The machine's word: "Expired", "Forbidden", "NotFound", …; "" when it is not told.
    package let reason: String
    package let message: String
    package let causes: [Cause]
    /// `details.retryAfterSeconds`; nil when it is 0 or not told.
    package let retryAfterSeconds: Int?
    /// `metadata.continue`, with which a list that expired can be resumed, though not consistently; "" without one.
    package let continueToken: String

    package init(
        code: Int,
        reason: String,
        message: String,
        causes: [Cause] = [],
        retryAfterSeconds: Int? = nil,
        continueToken: String = ""
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.causes = causes
        self.retryAfterSeconds = retryAfterSeconds
        self.continueToken = continueToken
    }

    /// Whether the resourceVersion, or the token, is too old, so that the kind has to be listed anew.
    package var isExpired: Bool { code == 410 || reason == "Expired" || reason == "Gone" }
}
