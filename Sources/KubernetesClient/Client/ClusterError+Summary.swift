import HTTPTransport

extension ClusterError {
    /// The reason in a few words, for lines that name the object themselves.
    package var summary: String {
        switch self {
        case .transport(let error): error.description
        case .refused(let refusal): "\(refusal.status)"
        case .credentials(let text, _): text
        case .unreadable(let text): text
        }
    }
}
