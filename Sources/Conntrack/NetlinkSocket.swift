import CNetfilterConntrack
import Glibc

/// A netlink socket of the subsystem ctnetlink, closed with the value.
@safe
struct NetlinkSocket: ~Copyable {
    private let handle: OpaquePointer
    let descriptor: Int32

    /// What a receive gave.
    enum Received {
        case datagram(byteCount: Int)
        /// Nothing waits on a socket that does not wait either.
        case nothing
        /// Datagrams were lost for want of buffer space (ENOBUFS).
        case overrun
    }

    /// Opens a socket that is not inherited by programs that this process starts.
    init() throws(ConntrackError) {
        guard let handle = unsafe nfct_open(UInt8(NFNL_SUBSYS_CTNETLINK), 0) else {
            throw ConntrackError(.openSocket, errorNumber: errno)
        }
        unsafe self.handle = unsafe handle
        descriptor = unsafe nfct_fd(handle)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit {
        unsafe nfct_close(handle)
    }

    /// Sets an option of `level` that is an integer.
    /// - Returns: 0 or the error number.
    func set(_ option: Int32, of level: Int32, to value: Int32) -> Int32 {
        let failed = unsafe withUnsafeBytes(of: value) { bytes in
            unsafe setsockopt(descriptor, level, option, bytes.baseAddress, socklen_t(bytes.count)) != 0
        }
        return failed ? errno : 0
    }

    /// Makes a receive return `.nothing` after a time.
    /// - Returns: 0 or the error number.
    func setReceiveTimeout(seconds: Int) -> Int32 {
        let failed = unsafe withUnsafeBytes(of: timeval(tv_sec: seconds, tv_usec: 0)) { bytes in
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, bytes.baseAddress, socklen_t(bytes.count)) != 0
        }
        return failed ? errno : 0
    }

    /// The bytes that the kernel keeps for what was not received yet.
    func bufferSize() throws(ConntrackError) -> Int {
        var size: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, &length) == 0 else {
            throw ConntrackError(.setBuffer, errorNumber: errno)
        }
        return Int(size)
    }

    /// Asks for the table: every family.
    func sendDumpRequest() throws(ConntrackError) {
        let family = UInt32(AF_UNSPEC)
        let sent = unsafe withUnsafeBytes(of: family) { family in
            unsafe nfct_send(handle, NFCT_Q_DUMP, family.baseAddress)
        }
        guard sent >= 0 else { throw ConntrackError(.dumpTable, errorNumber: errno) }
    }

    /// Asks for something that the library has no request for.
    func send(_ type: cntl_msg_types, flags: Int32, for request: ConntrackError.Request) throws(ConntrackError) {
        var message = netviz_request()
        message.header.nlmsg_len = UInt32(MemoryLayout<netviz_request>.size)
        message.header.nlmsg_type = NetlinkMessage.conntrack(type)
        message.header.nlmsg_flags = UInt16(NLM_F_REQUEST | flags)
        let sent = unsafe withUnsafeBytes(of: message) { bytes in
            unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, 0)
        }
        guard sent >= 0 else { throw ConntrackError(request, errorNumber: errno) }
    }

    /// Receives a datagram into `buffer`; one that is longer is cut.
    @inline(__always)
    func receive(
        into buffer: inout [UInt8],
        flags: Int32 = 0,
        for request: ConntrackError.Request
    ) throws(ConntrackError) -> Received {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe recv(descriptor, bytes.baseAddress, bytes.count, flags)
            }
            if count >= 0 { return .datagram(byteCount: count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .nothing
            case ENOBUFS: return .overrun
            default: throw ConntrackError(request, errorNumber: errno)
            }
        }
    }
}
