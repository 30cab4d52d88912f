import CNetfilterConntrack
import Glibc

/// The library's own way to the table: for making entries, and for the bytes that the kernel sends.
@safe
struct LibraryHandle: ~Copyable {
    private let handle: OpaquePointer

    init(groups: UInt32 = 0) throws {
        guard let handle = unsafe nfct_open(UInt8(NFNL_SUBSYS_CTNETLINK), groups) else {
            throw ShellError(command: "nfct_open", status: errno)
        }
        unsafe self.handle = unsafe handle
    }

    deinit {
        unsafe nfct_close(handle)
    }

    /// Every datagram of a dump.
    func dump() throws -> [[UInt8]] {
        let family = UInt32(AF_UNSPEC)
        guard unsafe withUnsafeBytes(of: family, { unsafe nfct_send(handle, NFCT_Q_DUMP, $0.baseAddress) }) >= 0 else {
            throw ShellError(command: "nfct_send", status: errno)
        }
        var datagrams: [[UInt8]] = []
        while datagrams.last.map(Self.endsDump) != true {
            guard let datagram = receive(waiting: true) else { throw ShellError(command: "recv", status: errno) }
            datagrams.append(datagram)
        }
        return datagrams
    }

    /// The datagrams that wait.
    func received() -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        while let datagram = receive(waiting: false) { datagrams.append(datagram) }
        return datagrams
    }

    private func receive(waiting: Bool) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe recv(nfct_fd(handle), $0.baseAddress, $0.count, waiting ? 0 : Int32(MSG_DONTWAIT))
        }
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    private static func endsDump(_ datagram: [UInt8]) -> Bool {
        libraryMessages(datagram).contains { $0.type == UInt16(NLMSG_DONE) }
    }

    /// Makes an entry from 10.2.0.1 to 10.2.0.2 in the table, without a packet.
    func create(
        _ transport: Int32,
        sourcePort: UInt16 = 0,
        destinationPort: UInt16 = 0,
        state: (nf_conntrack_attr, UInt8)? = nil,
        mark: UInt32? = nil,
        zone: UInt16? = nil
    ) throws {
        guard let entry = unsafe nfct_new() else { throw ShellError(command: "nfct_new", status: errno) }
        defer { unsafe nfct_destroy(entry) }
        unsafe nfct_set_attr_u8(entry, ATTR_L3PROTO, UInt8(AF_INET))
        unsafe nfct_set_attr_u32(entry, ATTR_ORIG_IPV4_SRC, UInt32(0x0A02_0001).bigEndian)
        unsafe nfct_set_attr_u32(entry, ATTR_ORIG_IPV4_DST, UInt32(0x0A02_0002).bigEndian)
        unsafe nfct_set_attr_u8(entry, ATTR_L4PROTO, UInt8(transport))
        unsafe nfct_set_attr_u16(entry, ATTR_ORIG_PORT_SRC, sourcePort.bigEndian)
        unsafe nfct_set_attr_u16(entry, ATTR_ORIG_PORT_DST, destinationPort.bigEndian)
        unsafe nfct_setobjopt(entry, UInt32(NFCT_SOPT_SETUP_REPLY))
        unsafe nfct_set_attr_u32(entry, ATTR_TIMEOUT, 1000)
        unsafe nfct_set_attr_u32(entry, ATTR_STATUS, UInt32(IPS_CONFIRMED.rawValue))
        if transport == IPPROTO_SCTP {
            // The kernel wants both verification tags with a state.
            unsafe nfct_set_attr_u32(entry, ATTR_SCTP_VTAG_ORIG, 1)
            unsafe nfct_set_attr_u32(entry, ATTR_SCTP_VTAG_REPL, 2)
        }
        if let state { unsafe nfct_set_attr_u8(entry, state.0, state.1) }
        if let mark { unsafe nfct_set_attr_u32(entry, ATTR_MARK, mark) }
        if let zone { unsafe nfct_set_attr_u16(entry, ATTR_ZONE, zone) }
        guard unsafe nfct_query(handle, NFCT_Q_CREATE, UnsafeRawPointer(entry)) == 0 else {
            throw ShellError(command: "NFCT_Q_CREATE of protocol \(transport)", status: errno)
        }
    }
}

/// The messages of a datagram, cut by the length that each begins with.
func libraryMessages(_ datagram: [UInt8]) -> [(type: UInt16, bytes: [UInt8])] {
    var messages: [(type: UInt16, bytes: [UInt8])] = []
    var rest = datagram[...]
    while rest.count >= 16 {
        let begin = rest.startIndex
        let length = (0..<4).reduce(0) { $0 | Int(rest[begin + $1]) << (8 * $1) }
        messages.append((UInt16(rest[begin + 4]) | UInt16(rest[begin + 5]) << 8, Array(rest.prefix(length))))
        rest = rest.dropFirst((length + 3) & ~3)
    }
    return messages
}
