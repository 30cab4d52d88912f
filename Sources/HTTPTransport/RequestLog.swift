/// What became of one request, for whoever wants to see them.
package struct RequestRecord: Sendable {
    package var method: String
    /// Without anything secret.
    package var url: String
    /// The fields that were sent, credentials not shown.
    package var fields: [(name: String, value: String)]
    /// Nil where there was no answer.
    package var status: Int?
    /// Until the head of the answer.
    package var duration: Duration
    /// `1.1` or `2`.
    package var version: String?
    package var proxy: String?
    package var failure: HTTPError?
}
