/// What became of a connection: found once, and used by all that is summed of it.
struct ConnectionResult: Sendable {
    let verdict: Verdict
    /// Nil when what was observed does not tell.
    let outcome: Outcome?

    /// - Parameter window: what was seen of the connection within the observers' window; nil where they had none.
    init(of record: ConnectionRecord, _ window: ConnectionWindow?, in addresses: AddressTable) {
        verdict = record.verdict(in: addresses, window)
        outcome = record.outcome(verdict, window)
    }

    /// Whether nothing happened to the connection within the window.
    var isIdle: Bool {
        if case .idle? = outcome { true } else { false }
    }
}
