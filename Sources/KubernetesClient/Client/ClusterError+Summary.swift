import HTTPTransport
import KubernetesAPI

extension ClusterError: CustomStringConvertible {
    /// What failed and why, as kubectl would print it. It may have several lines.
    package var description: String {
        switch self {
        case .transport(let error):
            if error.reason == .refused {
                "The connection to the server \(error.endpoint) was refused - did you specify the right host or port?"
            } else {
                "Unable to connect to the server: \(error)"
            }
        case .refused(let failure): failure.description
        case .credentials(let text, _): text
        case .unreadable(let text): text
        }
    }

    /// What helps, in one line or several; nil where nobody knows.
    package var remedy: String? {
        switch self {
        case .transport: nil
        case .refused(let failure):
            // Of a page the remedy alone would not tell what is to be remedied.
            if case .page = failure.origin, let explanation = failure.explanation {
                "\(explanation.meaning) \(explanation.remedy ?? "")"
            } else {
                failure.explanation?.remedy
            }
        case .credentials(_, let remedy): remedy
        case .unreadable: nil
        }
    }

    /// The reason in one line, for lines that name the object themselves.
    package var summary: String {
        switch self {
        case .transport(let error): error.description
        case .refused(let failure): failure.explanation?.meaning ?? failure.status.message
        case .credentials(let text, _): text
        case .unreadable(let text): text
        }
    }
}

extension ClusterError {
    /// Whether the connection broke within an answer, so that it may come whole the next time.
    var isBrokenOff: Bool {
        guard case .transport(let error) = self else { return false }
        switch error.reason {
        case .reset, .closedEarly, .goneAway: return true
        default: return false
        }
    }
}
