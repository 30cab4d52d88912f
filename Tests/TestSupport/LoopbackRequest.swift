import Glibc

/// One HTTP request to a port of this machine, for the control of servers that tests start.
enum LoopbackRequest {
    struct Answer {
        let status: Int
        let body: [UInt8]
    }

    /// Sends a request and reads the answer until the server closes the connection, each within 30 s.
    static func send(_ method: String, _ path: String, body: [UInt8], port: UInt16) throws(FakeAPIServerError) -> Answer
    {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw failure(path, "no socket") }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw failure(path, "no connection to port \(port)") }
        let head =
            "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
        var rest = (Array(head.utf8) + body)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw failure(path, "the request could not be sent") }
            rest = rest.dropFirst(count)
        }
        return try answer(received(from: descriptor, path: path), path: path)
    }

    private static func received(from descriptor: Int32, path: String) throws(FakeAPIServerError) -> [UInt8] {
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe recv(descriptor, &piece, piece.count, 0)
            guard count >= 0 else { throw failure(path, "no answer") }
            if count == 0 { return received }
            received += piece[..<count]
        }
    }

    private static func answer(_ bytes: [UInt8], path: String) throws(FakeAPIServerError) -> Answer {
        let blankLine: [UInt8] = [13, 10, 13, 10]
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: blankLine) }) else {
            throw failure(path, "an answer without a head")
        }
        let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard words.count > 1, let status = Int(words[1]) else { throw failure(path, "an answer without a status") }
        return Answer(status: status, body: Array(bytes[(end + blankLine.count)...]))
    }

    private static func failure(_ path: String, _ reason: String) -> FakeAPIServerError {
        .refused(path: path, reason: reason)
    }
}
