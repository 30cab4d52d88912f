internal import CCurl

// What libcurl calls, on the transfer thread.
extension EasyHandle {
    /// Notes which sockets are made, so that ``isTCPConnected`` can be told.
    func noteSockets() {
        let opaque = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe check(CURLOPT_SOCKOPTFUNCTION, netviz_curl_set_socket_function(pointer, onSocket))
        unsafe check(CURLOPT_SOCKOPTDATA, netviz_curl_set_pointer(pointer, CURLOPT_SOCKOPTDATA, opaque))
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
}

private let onSocket: netviz_curl_socket_function = { context, socket, _ in
    if let context = unsafe context {
        unsafe Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue().lastSocket = socket
    }
    return CURL_SOCKOPT_OK
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
