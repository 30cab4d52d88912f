package import FlowGraph

/// How much of what was observed a report lists.
package struct Listing: Sendable {
    /// What is listed.
    package enum Subject: Sendable {
        /// Flows; idle connections may be left out of them.
        case flows
        /// Pairs of ends, of which connections are counted rather than listed.
        case pairs
    }

    package var subject: Subject
    package var listed: Int
    /// How many there are, listed or beyond `--top`.
    package var total: Int
    package var omitted: OmittedFlows

    package init(of subject: Subject, listed: Int, total: Int, omitted: OmittedFlows) {
        self.subject = subject
        self.listed = listed
        self.total = total
        self.omitted = omitted
    }
}

extension Listing.Subject {
    /// One of what is listed.
    var noun: String {
        switch self {
        case .flows: "flow"
        case .pairs: "pair"
        }
    }

    /// What is done with connections: `--all` does it with those that are left out.
    var verb: String {
        switch self {
        case .flows: "lists"
        case .pairs: "counts"
        }
    }

    var participle: String {
        switch self {
        case .flows: "listed"
        case .pairs: "counted"
        }
    }
}
