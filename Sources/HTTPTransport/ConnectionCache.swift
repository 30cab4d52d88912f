internal import CCurl

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
