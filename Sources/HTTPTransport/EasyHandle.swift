internal import CCurl

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// libcurl's handle for one transfer.
@safe
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    /// libcurl writes its error message here.
    private let message: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var connectToList: UnsafeMutablePointer<curl_slist>?
    private let cache: ConnectionCache
    /// The socket that libcurl made last; it may be closed.
    var lastSocket: curl_socket_t = -1
    /// The first option that was refused.
    private(set) var refusedOption: CURLoption?

    /// - Parameter number: comes back from ``MultiHandle/nextFinished()``.
    init?(_ number: UInt64, _ cache: ConnectionCache) {
        guard let pointer = unsafe curl_easy_init() else { return nil }
        unsafe self.pointer = unsafe pointer
        unsafe message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        self.cache = cache
        unsafe check(CURLOPT_ERRORBUFFER, netviz_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, message))
        // Only a number, which is never followed.
        let tag = unsafe UnsafeMutableRawPointer(bitPattern: UInt(number))
        unsafe check(CURLOPT_PRIVATE, netviz_curl_set_pointer(pointer, CURLOPT_PRIVATE, tag))
        unsafe check(CURLOPT_SHARE, netviz_curl_set_pointer(pointer, CURLOPT_SHARE, cache.pointer))
    }

    /// Whether the socket that was made last is connected, as far as TCP goes; libcurl tells only of the whole, with
    /// proxy and TLS.
    var isTCPConnected: Bool {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getpeername(lastSocket, $0, &length)
            }
        } == 0
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe curl_slist_free_all(headerList)
        unsafe curl_slist_free_all(connectToList)
        unsafe message.deallocate()
    }

    static func number(of easy: UnsafeMutableRawPointer) -> UInt64 {
        UInt64(UInt(bitPattern: unsafe netviz_curl_private(easy)))
    }

    func check(_ option: CURLoption, _ result: CURLcode) {
        if result != CURLE_OK, refusedOption == nil { refusedOption = option }
    }

    func set(_ option: CURLoption, _ value: Int) {
        unsafe check(option, netviz_curl_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, offset value: Int64) {
        unsafe check(option, netviz_curl_set_offset(pointer, option, curl_off_t(value)))
    }

    func set(_ option: CURLoption, _ value: String) {
        unsafe check(option, netviz_curl_set_text(pointer, option, value))
    }

    func set(_ option: CURLoption, blob bytes: [UInt8]) {
        unsafe check(
            option, bytes.withUnsafeBytes { unsafe netviz_curl_set_blob(pointer, option, $0.baseAddress, $0.count) })
    }

    /// Header fields as lines; no line holds a NUL (`HTTPRequest.validate`).
    func setHeaderLines(_ lines: [[UInt8]]) {
        for line in lines { unsafe Self.append(line, to: &headerList) }
        unsafe check(CURLOPT_HTTPHEADER, netviz_curl_set_pointer(pointer, CURLOPT_HTTPHEADER, headerList))
    }

    /// `HOST:PORT:CONNECT-TO-HOST:CONNECT-TO-PORT`, CURLOPT_CONNECT_TO(3).
    func setConnectTo(_ entry: String) {
        unsafe Self.append([UInt8](entry.utf8), to: &connectToList)
        unsafe check(CURLOPT_CONNECT_TO, netviz_curl_set_pointer(pointer, CURLOPT_CONNECT_TO, connectToList))
    }

    private static func append(_ line: [UInt8], to list: inout UnsafeMutablePointer<curl_slist>?) {
        let longer = unsafe (line + [0]).withUnsafeBytes { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { unsafe curl_slist_append(list, $0.baseAddress) }
        }
        if let longer = unsafe longer { unsafe list = unsafe longer }
    }

    func resume() { unsafe curl_easy_pause(pointer, CURLPAUSE_CONT) }

    func long(_ info: CURLINFO) -> Int { unsafe netviz_curl_long(pointer, info) }

    func offset(_ info: CURLINFO) -> Int64 { Int64(unsafe netviz_curl_offset(pointer, info)) }

    var activeSocket: curl_socket_t { unsafe netviz_curl_active_socket(pointer) }

    /// What libcurl said about the last error; empty where it said nothing.
    var errorMessage: String {
        let bytes = unsafe UnsafeRawBufferPointer(start: message, count: Int(CURL_ERROR_SIZE))
        return unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    func clearErrorMessage() { unsafe message[0] = 0 }
}

// Of a stream that is open: libcurl has connected it and does no more by itself.
extension EasyHandle {
    /// Takes what came, without waiting. `CURLE_AGAIN` where nothing did; 0 bytes are its end.
    func receive(into bytes: UnsafeMutableRawBufferPointer) -> (result: CURLcode, count: Int) {
        var count = 0
        let result = unsafe curl_easy_recv(pointer, bytes.baseAddress, bytes.count, &count)
        return (result, count)
    }

    /// Of a stream that has ended: whether TLS was cut off before its own end.
    var isTLSTorn: Bool { unsafe netviz_curl_received_close_notify(pointer) == 0 }

    /// Sends what goes without waiting.
    func send(_ bytes: [UInt8], from offset: Int) -> (result: CURLcode, count: Int) {
        var count = 0
        let result = unsafe bytes.withUnsafeBytes { whole in
            let rest = unsafe UnsafeRawBufferPointer(rebasing: whole.dropFirst(offset))
            return unsafe curl_easy_send(pointer, rest.baseAddress, rest.count, &count)
        }
        return (result, count)
    }
}
