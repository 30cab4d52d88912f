import CNetfilterConntrack
import Glibc
package import NetModel

/// A subscription to the NEW and DESTROY events of the network namespace in which it was made; it ends with the value.
package struct ConntrackEvents: ~Copyable {
    /// For poll(2): readable when events, or the word that some were lost, can be received.
    package var fileDescriptor: Int32 { socket.descriptor }
    /// The bytes that the kernel really granted for events that wait (SO_RCVBUF as it reads back).
    package let bufferSize: Int

    private let socket: NetlinkSocket
    /// An event has its own datagram of some 200 to 400 bytes.
    private var buffer: [UInt8]

    /// Subscribes.
    ///
    /// - Parameter bufferSize: bytes to ask for; beyond `net.core.rmem_max` only CAP_NET_ADMIN in the initial user
    ///   namespace gets them, others get that maximum.
    package init(bufferSize: Int) throws(ConntrackError) {
        let socket = try NetlinkSocket()
        // Before the subscription, so that its first events find the room.
        let wanted = Int32(clamping: bufferSize)
        if socket.set(SO_RCVBUFFORCE, of: SOL_SOCKET, to: wanted) != 0 {
            let failure = socket.set(SO_RCVBUF, of: SOL_SOCKET, to: wanted)
            guard failure == 0 else { throw ConntrackError(.setBuffer, errorNumber: failure) }
        }
        let granted = try socket.bufferSize()
        // Without NETLINK_NO_ENOBUFS, which is how a socket begins, a loss is told by a receive that fails.
        for group in [NFNLGRP_CONNTRACK_NEW, NFNLGRP_CONNTRACK_DESTROY] {
            let failure = socket.set(NETLINK_ADD_MEMBERSHIP, of: SOL_NETLINK, to: Int32(group.rawValue))
            guard failure == 0 else { throw ConntrackError(.subscribe, errorNumber: failure) }
        }
        self.bufferSize = granted
        self.socket = socket
        buffer = [UInt8](repeating: 0, count: 32 << 10)
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
        var reception = EventReception()
        var reading = EventReading()
        for _ in 0..<max(limit, 0) {
            switch try socket.receive(into: &buffer, flags: Int32(MSG_DONTWAIT), for: .receiveEvents) {
            case .datagram(let byteCount):
                unsafe reading.read(buffer.span.bytes.extracting(first: byteCount), event: event)
            case .nothing:
                reception.isDrained = true
            case .overrun:
                reception.overruns += 1
            }
            if reception.isDrained { break }
        }
        reception.events = reading.events
        reception.undecodable = reading.undecodable
        return reception
    }
}
