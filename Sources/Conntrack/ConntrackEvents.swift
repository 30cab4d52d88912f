package import NetModel

/// A subscription to the NEW and DESTROY events of the network namespace in which it was made; it ends with the value.
package struct ConntrackEvents: ~Copyable {
    /// For poll(2): readable when events, or the word that some were lost, can be received.
    package let fileDescriptor: Int32
    /// The bytes that the kernel really granted for events that wait (SO_RCVBUF as it reads back).
    package let bufferSize: Int

    /// Subscribes.
    ///
    /// - Parameter bufferSize: bytes to ask for; beyond `net.core.rmem_max` only CAP_NET_ADMIN in the initial user
    ///   namespace gets them, others get that maximum.
    package init(bufferSize: Int) throws(ConntrackError) {
        throw ConntrackError(.unavailable, .subscribe)
    }

    /// Delivers the events that wait, without waiting for more.
    ///
    /// Each entry has `event`; `eventTime` only where the kernel sends it, so the caller puts its own clock there.
    ///
    /// - Parameters:
    ///   - limit: the most messages taken in one call, so that a storm of events does not keep the caller here.
    ///   - event: called for each event, in the kernel's order.
    package mutating func receive(
        limit: Int = 4096,
        event: (ConntrackEntry) -> Void
    ) throws(ConntrackError) -> EventReception {
        throw ConntrackError(.unavailable, .receiveEvents)
    }
}
