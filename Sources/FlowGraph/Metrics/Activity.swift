import NetModel

extension ConnectionRecord {
    /// Whether the connection was used within the window: payload passed, more than the packets' headers, or a packet
    /// set its timeout anew. Nil where neither that nor the contrary is known.
    ///
    /// It is known not to have been where both directions were counted, where it was idle, and where a TCP dial failed,
    /// which carries no payload. Of an answered connection that began within the window, and was not counted, the
    /// timeout was set within it, by its answer.
    func isActive(_ window: ConnectionWindow, _ result: ConnectionResult, isIPv4: Bool) -> Bool? {
        if let sent = window.sent, carriesPayload(sent, isIPv4) { return true }
        if let received = window.received, carriesPayload(received, isIPv4) { return true }
        if window.marks.contains(.refreshed), window.carried { return true }
        if window.sent != nil, window.received != nil { return false }
        if result.isIdle { return false }
        if transport == .tcp, result.outcome?.isFailure ?? false { return false }
        return window.began && result.verdict == .accept ? true : nil
    }
}
