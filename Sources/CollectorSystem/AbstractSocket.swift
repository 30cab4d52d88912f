import Glibc

/// A stream socket that listens under an abstract name (unix(7)): the name belongs to the network namespace, and is free
/// again when the process that holds it is gone, however it goes.
///
/// Anybody on the machine may bind any name, so a name says nothing until its holder's user is known (`SO_PEERCRED`,
/// which the kernel fills in when the holder begins to listen).
struct AbstractSocket {
    let descriptor: Int32

    /// Who holds a name.
    enum Holder: Equatable {
        /// A process of this user listens.
        case user(uid_t)
        /// Nobody, or somebody who does not listen.
        case notListening
        /// Somebody who takes no more connections now, and whose user is not known therefore.
        case full
    }

    /// How many connections may wait; the kernel lowers it to net.core.somaxconn.
    private static let backlog: Int32 = 4096

    /// Takes a name. Nil where that is not possible; errno says why, EADDRINUSE where somebody has it.
    init?(name: String) {
        guard let descriptor = Self.open() else { return nil }
        let isBound = unsafe Self.withAddress(name) { unsafe bind(descriptor, $0, $1) == 0 }
        guard isBound, listen(descriptor, Self.backlog) == 0 else {
            let code = errno
            Glibc.close(descriptor)
            errno = code
            return nil
        }
        self.descriptor = descriptor
    }

    func close() { Glibc.close(descriptor) }

    /// Ends a connection that waits, if any does: who connects wants to know whose socket this is and no more.
    func endOneConnection() {
        let connection = accept(descriptor, nil, nil)
        if connection >= 0 { Glibc.close(connection) }
    }

    /// Asks who holds a name; does not wait.
    static func holder(of name: String) -> Holder {
        guard let descriptor = open() else { return .full }
        defer { Glibc.close(descriptor) }
        guard unsafe withAddress(name, { unsafe connect(descriptor, $0, $1) == 0 }) else {
            return errno == EAGAIN ? .full : .notListening
        }
        // struct ucred: process, user, group.
        var credentials: [UInt32] = [0, 0, 0]
        var length = socklen_t(credentials.count * MemoryLayout<UInt32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else { return .full }
        return .user(credentials[1])
    }

    private static func open() -> Int32? {
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let descriptor = socket(AF_UNIX, Int32(type), 0)
        return descriptor >= 0 ? descriptor : nil
    }

    /// False, with errno ENAMETOOLONG, where a name does not fit an address.
    private static func withAddress(_ name: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(name.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return false
        }
        // The name begins after a zero byte and is as long as the address's length says.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
            unsafe path[0] = 0
            for (index, byte) in bytes.enumerated() { unsafe path[index + 1] = byte }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + bytes.count)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }
}
