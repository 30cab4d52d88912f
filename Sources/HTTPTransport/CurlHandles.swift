internal import CCurl

/// libcurl's handle for all transfers of a thread. All but ``wake()`` is for that thread alone.
@safe
final class MultiHandle: @unchecked Sendable {
    private let pointer: UnsafeMutableRawPointer

    /// curl_global_init(3), once for the process.
    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    /// Nil where there is no memory.
    init?() {
        guard Self.isLibraryReady, let pointer = unsafe curl_multi_init() else { return nil }
        unsafe self.pointer = unsafe pointer
    }

    deinit { unsafe curl_multi_cleanup(pointer) }

    /// Makes ``poll(_:timeout:)`` return, the one that waits or the next; from any thread.
    func wake() { unsafe curl_multi_wakeup(pointer) }

    func add(_ easy: EasyHandle) -> Bool { unsafe curl_multi_add_handle(pointer, easy.pointer) == CURLM_OK }

    func remove(_ easy: EasyHandle) { unsafe curl_multi_remove_handle(pointer, easy.pointer) }

    /// Moves every transfer on as far as it goes without waiting.
    func perform() {
        var running: Int32 = 0
        unsafe curl_multi_perform(pointer, &running)
    }

    /// Waits for the transfers' sockets and these, at most so many milliseconds; their `revents` then say what came.
    func poll(_ extra: inout [curl_waitfd], timeout: Int32) {
        for index in extra.indices { extra[index].revents = 0 }
        unsafe extra.withUnsafeMutableBufferPointer { entries in
            _ = unsafe curl_multi_poll(pointer, entries.baseAddress, UInt32(entries.count), timeout, nil)
        }
    }

    /// The number of the next transfer that ended, and how it did.
    func nextFinished() -> (number: UInt64, result: CURLcode)? {
        var result = CURLE_OK
        guard let easy = unsafe netviz_curl_next_finished(pointer, &result) else { return nil }
        return unsafe (EasyHandle.number(of: easy), result)
    }
}

/// A cache of connections of its own. What shares no cache shares no connection, whatever libcurl thinks of two
/// transfers' options: 7.88 compares neither a client's key nor a proxy's password.
@safe
final class ConnectionCache {
    let pointer: UnsafeMutableRawPointer

    init?() {
        guard let pointer = unsafe curl_share_init() else { return nil }
        unsafe self.pointer = unsafe pointer
        guard unsafe netviz_curl_share_connections(pointer) == CURLSHE_OK else { return nil }
    }

    deinit { unsafe curl_share_cleanup(pointer) }
}

/// libcurl's handle for one transfer.
@safe
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    /// libcurl writes its error message here.
    private let message: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var connectToList: UnsafeMutablePointer<curl_slist>?
    private let cache: ConnectionCache
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

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe curl_slist_free_all(headerList)
        unsafe curl_slist_free_all(connectToList)
        unsafe message.deallocate()
    }

    fileprivate static func number(of easy: UnsafeMutableRawPointer) -> UInt64 {
        UInt64(UInt(bitPattern: unsafe netviz_curl_private(easy)))
    }

    private func check(_ option: CURLoption, _ result: CURLcode) {
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

    /// The callbacks of a transfer, which get `context`; it must outlive the handle.
    func setCallbacks(_ context: Transfer) {
        let pointer = unsafe self.pointer
        let opaque = unsafe Unmanaged.passUnretained(context).toOpaque()
        unsafe check(CURLOPT_HEADERFUNCTION, netviz_curl_set_bytes_function(pointer, CURLOPT_HEADERFUNCTION, onHeader))
        unsafe check(CURLOPT_HEADERDATA, netviz_curl_set_pointer(pointer, CURLOPT_HEADERDATA, opaque))
        unsafe check(CURLOPT_WRITEFUNCTION, netviz_curl_set_bytes_function(pointer, CURLOPT_WRITEFUNCTION, onBody))
        unsafe check(CURLOPT_WRITEDATA, netviz_curl_set_pointer(pointer, CURLOPT_WRITEDATA, opaque))
        unsafe check(CURLOPT_READFUNCTION, netviz_curl_set_bytes_function(pointer, CURLOPT_READFUNCTION, onUpload))
        unsafe check(CURLOPT_READDATA, netviz_curl_set_pointer(pointer, CURLOPT_READDATA, opaque))
        unsafe check(CURLOPT_SEEKFUNCTION, netviz_curl_set_seek_function(pointer, onRewind))
        unsafe check(CURLOPT_SEEKDATA, netviz_curl_set_pointer(pointer, CURLOPT_SEEKDATA, opaque))
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

    /// Of a stream that is open: takes what came, without waiting. `CURLE_AGAIN` where nothing did; 0 bytes are its end.
    func receive(into bytes: UnsafeMutableRawBufferPointer) -> (result: CURLcode, count: Int) {
        var count = 0
        let result = unsafe curl_easy_recv(pointer, bytes.baseAddress, bytes.count, &count)
        return (result, count)
    }

    /// Of a stream that is open: sends what goes without waiting.
    func send(_ bytes: [UInt8], from offset: Int) -> (result: CURLcode, count: Int) {
        var count = 0
        let result = unsafe bytes.withUnsafeBytes { whole in
            let rest = unsafe UnsafeRawBufferPointer(rebasing: whole.dropFirst(offset))
            return unsafe curl_easy_send(pointer, rest.baseAddress, rest.count, &count)
        }
        return (result, count)
    }
}

private let onHeader: netviz_curl_bytes_function = { bytes, size, count, context in
    guard let transfer = unsafe transfer(context) else { return 0 }
    return unsafe transfer.takeHeaderLine(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private let onBody: netviz_curl_bytes_function = { bytes, size, count, context in
    guard let transfer = unsafe transfer(context) else { return 0 }
    return unsafe transfer.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private let onUpload: netviz_curl_bytes_function = { bytes, size, count, context in
    guard let transfer = unsafe transfer(context) else { return Int(CURL_READFUNC_ABORT) }
    return unsafe transfer.giveBody(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
}

private let onRewind: netviz_curl_seek_function = { context, offset, _ in
    guard let transfer = unsafe transfer(context), transfer.rewindBody(to: Int64(offset)) else {
        return CURL_SEEKFUNC_FAIL
    }
    return CURL_SEEKFUNC_OK
}

private func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    unsafe context.map { unsafe Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}
