import TerminalText

extension APIFailure {
    /// What a failure means for whoever reads it.
    package struct Explanation: Hashable, Sendable {
        /// In a line.
        package let meaning: String
        /// What helps, in one line or several; nil where nobody knows.
        package let remedy: String?

        package init(_ meaning: String, remedy: String? = nil) {
            self.meaning = meaning
            self.remedy = remedy
        }
    }

    /// The role that is missing; nil where that is not the reason.
    package var accessRefusal: AccessRefusal? {
        status.reason == "Forbidden" ? AccessRefusal(status.message) : nil
    }

    /// What admission had against it; nil where that is not the reason.
    package var admissionRefusal: AdmissionRefusal? {
        guard origin == .server else { return nil }
        return AdmissionRefusal(status, namespace: asked?.namespace ?? "")
    }

    /// More than ``description`` says; nil where that says it all.
    package var explanation: Explanation? {
        switch origin {
        case .page(let title):
            return Explanation(
                "A page for people came instead of the API server's answer"
                    + (title.isEmpty ? "." : ": '\(PrintableText.escaped(title))'."),
                remedy: code >= 500 ? Self.unreachable : Self.loggedOut
            )
        case .backend:
            return Explanation("The answer is of what stands behind the API server's proxy, not of the API server.")
        case .server, .httpStatus: break
        }
        if let refusal = accessRefusal { return Explanation(refusal.summary, remedy: refusal.remedy) }
        if let refusal = admissionRefusal { return Explanation(refusal.summary, remedy: refusal.remedy) }
        return explanationOfCode
    }

    private static let loggedOut =
        "Something between here and the API server wants you to log in, or the server's address in the kubeconfig is that of something else."
    private static let unreachable =
        "Something between here and the API server cannot reach it, or the server's address in the kubeconfig is that of something else."

    private var explanationOfCode: Explanation? {
        switch code {
        case 300..<400:
            Explanation("A redirect came, which no API server sends.", remedy: Self.loggedOut)
        case 401:
            Explanation(
                "The credentials were rejected or have expired.",
                remedy: "Log in anew, and see that the context's user is the right one: kubectl config view --minify"
            )
        case 404 where isUnknownResource:
            Explanation(
                "The API server does not have this resource: the feature is not installed, or the server is too old.")
        case 413: Explanation("The request is longer than the API server takes.")
        case 429:
            Explanation(
                "The API server is busy" + (retryAfterSeconds.map { "; it asks to wait \($0) s." } ?? "."),
                remedy: "Try again later."
            )
        case 503 where status.message.hasPrefix(Status.unavailable):
            Explanation("The API server, or what serves this resource behind it, is starting or down.")
        default: nil
        }
    }
}
