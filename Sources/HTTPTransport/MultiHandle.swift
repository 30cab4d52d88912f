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
