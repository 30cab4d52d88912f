package import NetModel

/// What an inventory keeps of a Pod (core/v1).
package struct Pod: Hashable, Sendable {
    /// One of `spec.containers[].ports`.
    package struct Port: Hashable, Sendable {
        package let port: UInt16
        package let transport: TransportProtocol
        /// The node's port that leads to it.
        package let hostPort: UInt16?
        /// The node's address that `hostPort` is bound to; nil for all.
        package let hostAddress: IPAddress?

        package init(
            port: UInt16,
            transport: TransportProtocol = .tcp,
            hostPort: UInt16? = nil,
            hostAddress: IPAddress? = nil
        ) {
            self.port = port
            self.transport = transport
            self.hostPort = hostPort
            self.hostAddress = hostAddress
        }
    }

    /// A port that the kubelet probes over the network.
    package struct Probe: Hashable, Sendable {
        package let port: UInt16
        /// `httpGet.host` or `tcpSocket.host` where it is an address; nil for the pod's own.
        package let host: IPAddress?

        package init(port: UInt16, host: IPAddress? = nil) {
            self.port = port
            self.host = host
        }
    }

    /// When the pod held its addresses.
    package enum End: Hashable, Sendable {
        /// It holds them still.
        case running
        /// It finished at this moment.
        case finished(Timestamp)
        /// It finished, and nothing says when.
        case finishedAtUnknownTime
    }

    package let namespace: String
    package let name: String
    /// Nil where it is not told: pods of the same name are then the same.
    package let uid: ObjectUID?
    package let labels: [String: String]
    /// Nil while the pod is not scheduled.
    package let nodeName: String?
    package let isHostNetwork: Bool
    /// `status.podIPs`, or `status.podIP`; the node's own for a host-network pod.
    package let addresses: [IPAddress]
    /// `status.hostIP`.
    package let hostAddress: IPAddress?
    package let owner: OwnerReference?
    /// `status.startTime`, else `metadata.creationTimestamp`.
    package let start: Timestamp?
    package var end: End
    package let ports: [Port]
    package let probes: [Probe]

    package init(
        namespace: String,
        name: String,
        uid: ObjectUID? = nil,
        labels: [String: String] = [:],
        nodeName: String? = nil,
        isHostNetwork: Bool = false,
        addresses: [IPAddress] = [],
        hostAddress: IPAddress? = nil,
        owner: OwnerReference? = nil,
        start: Timestamp? = nil,
        end: End = .running,
        ports: [Port] = [],
        probes: [Probe] = []
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.labels = labels
        self.nodeName = nodeName
        self.isHostNetwork = isHostNetwork
        self.addresses = addresses
        self.hostAddress = hostAddress
        self.owner = owner
        self.start = start
        self.end = end
        self.ports = ports
        self.probes = probes
    }

    /// How sure it is that the pod lived within a span of time.
    enum Overlap { case no, possible, yes }

    func overlap(_ span: ClosedRange<Timestamp>, slack: Int64 = 0) -> Overlap {
        if let start, start - slack > span.upperBound { return .no }
        switch end {
        case .running: return .yes
        case .finished(let moment): return moment.endOfSecond < span.lowerBound - slack ? .no : .yes
        case .finishedAtUnknownTime: return .possible
        }
    }
}

extension Timestamp {
    private static let nanosecondsInSecond: Int64 = 1_000_000_000

    /// The last moment that the API writes as this one: it leaves out the fraction of a second (`meta/v1.Time`).
    fileprivate var endOfSecond: Timestamp {
        guard nanoseconds % Self.nanosecondsInSecond == 0 else { return self }
        return Timestamp(nanoseconds: nanoseconds.addingSaturating(Self.nanosecondsInSecond - 1))
    }
}
