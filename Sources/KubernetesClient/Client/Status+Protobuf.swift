import Inventory
import KubernetesAPI

extension Status {
    /// The Status that an answer in protobuf holds, where a list was asked for.
    ///
    /// - Returns: nil where it holds none.
    init?(protobuf bytes: [UInt8]) {
        var decoder = ListDecoder(.protobuf, of: .node)
        do throws(StreamError) {
            try decoder.append(bytes.span) { _ in }
            _ = try decoder.finish()
            return nil
        } catch {
            guard case .status(let told) = error else { return nil }
            self.init(
                code: told.code,
                reason: told.reason,
                message: told.message,
                causes: told.causes.map { Cause(reason: $0.reason, message: $0.message, field: $0.field) },
                retryAfterSeconds: told.retryAfterSeconds,
                continueToken: told.continueToken
            )
        }
    }
}
