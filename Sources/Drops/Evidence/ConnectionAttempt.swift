package import NetModel

/// A connection that stayed without an answer, in all the addresses that its packets had on their way.
package struct ConnectionAttempt: Hashable, Sendable {
    /// Who dialled.
    package var client: IPAddress
    package var clientPort: UInt16
    /// What was dialled: a Service's address, or the server's own.
    package var dialled: IPAddress
    package var dialledPort: UInt16
    /// The client as the server sees it: the masquerading node's, where the way was masqueraded, else the client's own.
    package var seenClient: IPAddress
    package var seenClientPort: UInt16
    /// Who was to answer: an endpoint's address, where the way was translated, else what was dialled.
    package var server: IPAddress
    package var serverPort: UInt16
    package var transport: TransportProtocol

    package init(
        client: IPAddress,
        clientPort: UInt16,
        dialled: IPAddress,
        dialledPort: UInt16,
        seenClient: IPAddress,
        seenClientPort: UInt16,
        server: IPAddress,
        serverPort: UInt16,
        transport: TransportProtocol
    ) {
        self.client = client
        self.clientPort = clientPort
        self.dialled = dialled
        self.dialledPort = dialledPort
        self.seenClient = seenClient
        self.seenClientPort = seenClientPort
        self.server = server
        self.serverPort = serverPort
        self.transport = transport
    }
}
