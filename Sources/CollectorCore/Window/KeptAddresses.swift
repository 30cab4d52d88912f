import NetModel

/// The four addresses of an entry in as few bytes as a family needs.
protocol KeptAddressForm: Sendable {
    init(_ addresses: KeptAddresses)
    var all: KeptAddresses { get }
    /// The addresses of the original direction in one word.
    var originalWord: UInt64 { get }
    func hasSameOriginal(_ other: Self) -> Bool
}

/// Of IPv4.
struct KeptIPv4: KeptAddressForm {
    private let source: UInt32
    private let destination: UInt32
    private let replySource: UInt32
    private let replyDestination: UInt32

    init(_ addresses: KeptAddresses) {
        source = addresses.source.ipv4Bits
        destination = addresses.destination.ipv4Bits
        replySource = addresses.replySource.ipv4Bits
        replyDestination = addresses.replyDestination.ipv4Bits
    }

    var all: KeptAddresses {
        KeptAddresses(
            source: IPAddress(ipv4: source),
            destination: IPAddress(ipv4: destination),
            replySource: IPAddress(ipv4: replySource),
            replyDestination: IPAddress(ipv4: replyDestination)
        )
    }

    var originalWord: UInt64 { UInt64(source) << 32 | UInt64(destination) }

    func hasSameOriginal(_ other: KeptIPv4) -> Bool { originalWord == other.originalWord }
}

/// Of IPv6.
struct KeptIPv6: KeptAddressForm {
    let all: KeptAddresses

    init(_ addresses: KeptAddresses) { all = addresses }

    var originalWord: UInt64 {
        let source = all.source.high &* 0x9E37_79B9_7F4A_7C15 ^ all.source.low
        return source &* 0xD6E8_FEB8_6659_FD93 ^ all.destination.high &* 0xA076_1D64_78BD_642F ^ all.destination.low
    }

    func hasSameOriginal(_ other: KeptIPv6) -> Bool {
        all.source == other.all.source && all.destination == other.all.destination
    }
}

/// The four addresses of an entry.
struct KeptAddresses: Equatable {
    var source: IPAddress
    var destination: IPAddress
    var replySource: IPAddress
    var replyDestination: IPAddress

    init(source: IPAddress, destination: IPAddress, replySource: IPAddress, replyDestination: IPAddress) {
        self.source = source
        self.destination = destination
        self.replySource = replySource
        self.replyDestination = replyDestination
    }

    init(_ entry: borrowing ConntrackEntry) {
        source = entry.original.source
        destination = entry.original.destination
        replySource = entry.reply.source
        replyDestination = entry.reply.destination
    }
}
