import KubernetesClient
import TerminalText

extension NetvizError {
    /// What kept the cluster from being asked.
    ///
    /// - Parameter action: what was tried, as "create a pod in the namespace x"; nil where the error says it.
    init(_ error: ClusterError, whileTrying action: String? = nil) {
        let prefix = action.map { "cannot \($0): " } ?? ""
        let text = PrintableText.escapedLines("\(error)")
        // kubectl's own prefix follows ours.
        let message = text.hasPrefix("error: ") ? String(text.dropFirst(7)) : text
        let code: Code = error.isCancellation ? .interrupted : .cluster
        self.init(code, prefix + message, remedy: error.remedy.map(PrintableText.escapedLines))
    }
}
