import CollectorClient
import CollectorProtocol
import Rendering
import TerminalText

/// What went wrong with a collector, in words.
enum CollectorTrouble {
    static func reason(_ failure: CollectorFleet.Failure) -> String {
        switch failure {
        case .conversation(.failed(let notice)): notice.text
        case .conversation(.broken(let error)): "its collector's output cannot be read: \(error)"
        case .conversation(.unexpected): "its collector sent a frame out of its turn"
        case .conversation(.silent): "its collector said nothing"
        case .conversation(.endedEarly): "its collector ended before its work was done"
        case .pipe(let text): "the way to its collector broke: \(text)"
        case .silent: "its collector said nothing in time"
        case .late: "its collector was not ready in time"
        case .timedOut: "its collector did not end in time"
        case .tooManyNotices: "its collector sent notices without end"
        case .recorded(let reason): reason
        }
    }

    /// What is said of notices that are not shown.
    static func warning(noticesLeftOut count: Int, node: String) -> String {
        "warning: \(PrintableText.escaped(node)): and \(count) more \(count == 1 ? "notice" : "notices")"
    }

    /// A notice as a warning about a node.
    static func warning(_ notice: Notice, node: String) -> String {
        "warning: \(PrintableText.escaped(node)): \(PrintableText.escaped(notice.text))"
    }
}
