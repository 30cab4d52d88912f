import CNetfilterConntrack
import Glibc
import Synchronization

/// Receives the datagrams of a dump on a thread of its own, a few ahead of who reads them.
///
/// The kernel makes a datagram within the call that receives it, and most of a dump's time is spent there; on a second
/// processor the next one is made while the last is decoded.
@safe
final class ReceiveAhead {
    /// What both threads see. The places of a batch of datagrams belong to the receiving thread until `filled` was posted
    /// for it, and to the reading one until `free` was.
    @safe
    private final class Ring: @unchecked Sendable {
        static let places = 32
        /// One thread wakes the other once for so many datagrams, since waking costs as much as decoding one.
        static let batch = 8
        /// The kernel makes datagrams of a dump as long as the buffer, 32 KiB at the most (netlink_recvmsg).
        static let size = 32 << 10

        let descriptor: Int32
        let isStopped = Atomic<Bool>(false)
        /// The number of the last datagram; -1 before it came.
        let last = Atomic<Int>(-1)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: places * size, alignment: 16)
        /// The bytes of each datagram, or the negative number of the error.
        let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: places)
        let filled = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        let free = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

        init(descriptor: Int32) {
            self.descriptor = descriptor
            unsafe counts.initialize(repeating: 0)
            unsafe sem_init(filled, 0, 0)
            unsafe sem_init(free, 0, UInt32(Self.places / Self.batch))
        }

        deinit {
            unsafe sem_destroy(filled)
            unsafe sem_destroy(free)
            unsafe filled.deallocate()
            unsafe free.deallocate()
            unsafe counts.deallocate()
            unsafe bytes.deallocate()
        }

        func place(_ number: Int) -> UnsafeMutableRawBufferPointer {
            let start = number % Self.places * Self.size
            return unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + Self.size])
        }

        /// The body of the receiving thread: until the last datagram, an error, or the reader's wish to stop.
        func receiveAll() {
            var number = 0
            while true {
                if number % Self.batch == 0 { unsafe Self.wait(free) }
                if isStopped.load(ordering: .acquiring) { return }
                let place = unsafe place(number)
                var count = unsafe recv(descriptor, place.baseAddress, place.count, 0)
                while count < 0, errno == EINTR { count = unsafe recv(descriptor, place.baseAddress, place.count, 0) }
                unsafe counts[number % Self.places] = count < 0 ? -Int(errno) : count
                let isLast = unsafe count <= 0 || Self.endsDump(UnsafeRawBufferPointer(rebasing: place[..<count]))
                if isLast { last.store(number, ordering: .releasing) }
                if isLast || number % Self.batch == Self.batch - 1 { unsafe sem_post(filled) }
                if isLast { return }
                number += 1
            }
        }

        /// Whether NLMSG_DONE or NLMSG_ERROR, after which nothing comes, is among the messages of a datagram.
        private static func endsDump(_ datagram: UnsafeRawBufferPointer) -> Bool {
            let headerSize = MemoryLayout<nlmsghdr>.size
            var position = 0
            while position + headerSize <= datagram.count {
                let header = unsafe datagram.loadUnaligned(fromByteOffset: position, as: nlmsghdr.self)
                if Int32(header.nlmsg_type) == NLMSG_DONE || Int32(header.nlmsg_type) == NLMSG_ERROR { return true }
                // A length that is none ends the reading of the datagram, and with it the dump.
                guard header.nlmsg_len >= headerSize else { return true }
                position += (Int(header.nlmsg_len) + 3) & ~3
            }
            return false
        }

        static func wait(_ semaphore: UnsafeMutablePointer<sem_t>) {
            while unsafe sem_wait(semaphore) != 0, errno == EINTR {}
        }
    }

    private let ring: Ring
    private var thread = pthread_t()
    private var number = 0

    /// Starts to receive what was asked for over a socket, which must outlive this.
    init(descriptor: Int32) throws(ConntrackError) {
        ring = Ring(descriptor: descriptor)
        let context = unsafe Unmanaged.passRetained(ring)
        let failure = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Ring>.fromOpaque(context).takeRetainedValue().receiveAll()
                return nil
            }, context.toOpaque())
        guard failure == 0 else {
            unsafe context.release()
            throw ConntrackError(.system, .dumpTable, errorNumber: failure)
        }
    }

    /// Waits for the next datagram and reads it; not to be called again after the last one, or an error.
    func next<Value>(_ body: (RawSpan) throws(ConntrackError) -> Value) throws(ConntrackError) -> Value {
        if number % Ring.batch == 0 { unsafe Ring.wait(ring.filled) }
        defer {
            number += 1
            if number % Ring.batch == 0 { unsafe sem_post(ring.free) }
        }
        let count = unsafe ring.counts[number % Ring.places]
        guard count >= 0 else {
            let code = Int32(-count)
            // SO_RCVTIMEO has passed.
            if code == EAGAIN { throw ConntrackError(.timedOut, .dumpTable) }
            throw ConntrackError(.dumpTable, errorNumber: code)
        }
        let place = unsafe UnsafeRawBufferPointer(rebasing: ring.place(number)[..<count])
        return try body(unsafe place.bytes)
    }

    /// Whether the last datagram was read: nothing more will come.
    var isOver: Bool { ring.last.load(ordering: .acquiring) == number - 1 }

    /// Ends the receiving and waits until it has ended; a datagram that is being made is waited for.
    func stop() {
        ring.isStopped.store(true, ordering: .releasing)
        unsafe sem_post(ring.free)
        pthread_join(thread, nil)
    }
}
