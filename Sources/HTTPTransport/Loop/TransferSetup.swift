import CCurl
import Secrets

extension Transfer {
    /// Makes libcurl's handle for the request.
    ///
    /// - Parameter isUpgrade: whether the connection alone is wanted.
    func prepare(isUpgrade: Bool) throws(HTTPError) {
        let easy = try EasyHandle()
        self.easy = easy
        easy.set(CURLOPT_NOSIGNAL, 1)
        easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        easy.set(CURLOPT_FOLLOWLOCATION, 0)
        easy.set(CURLOPT_PATH_AS_IS, 1)
        easy.set(CURLOPT_TCP_KEEPALIVE, 1)
        easy.set(CURLOPT_TCP_KEEPIDLE, 30)
        easy.set(CURLOPT_TCP_KEEPINTVL, 30)
        // What comes of an upgraded connection is received into memory of its own; there may be thousands of them.
        easy.set(CURLOPT_BUFFERSIZE, isUpgrade ? 1 << 10 : 128 << 10)
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, settings.connectPatience.milliseconds)
        // What ALPN negotiates beside HTTP/1.1 libcurl 7.88 cannot hand over, and crashes.
        let isPlain = isUpgrade || request.version == .http1
        easy.set(CURLOPT_HTTP_VERSION, Int(isPlain ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS))
        easy.set(CURLOPT_PIPEWAIT, isPlain ? 0 : 1)
        setAddress(easy)
        setTrust(easy)
        setProxy(easy, isUpgrade: isUpgrade)
        if isUpgrade {
            easy.set(CURLOPT_CONNECT_ONLY, 1)
        } else {
            try setRequest(easy)
        }
    }

    /// The URL bears the name that is asked for in TLS; the connection goes to the host itself.
    private func setAddress(_ easy: EasyHandle) {
        let origin = request.origin
        guard let name = settings.serverName, origin.isSecure, !name.isEmpty else {
            easy.set(CURLOPT_URL, "\(origin.scheme)://\(origin.authority)\(request.target)")
            return
        }
        let named = HTTPOrigin(scheme: origin.scheme, host: name, port: origin.port)
        easy.set(CURLOPT_URL, "\(named.scheme)://\(named.authority)\(request.target)")
        easy.set(CURLOPT_CONNECT_TO, list: ["\(named.authority):\(origin.authority)"])
    }

    private func setTrust(_ easy: EasyHandle) {
        easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        switch settings.trust {
        case .system: break
        case .authorities(let certificates):
            easy.set(CURLOPT_CAINFO_BLOB, blob: certificates)
            // The system's folder would be trusted beside it.
            easy.set(CURLOPT_CAPATH, nil)
        case .anything:
            easy.set(CURLOPT_SSL_VERIFYPEER, 0)
            easy.set(CURLOPT_SSL_VERIFYHOST, 0)
        }
        if let own = settings.clientCertificate {
            easy.set(CURLOPT_SSLCERTTYPE, "PEM")
            easy.set(CURLOPT_SSLCERT_BLOB, blob: own.certificate)
            easy.set(CURLOPT_SSLKEYTYPE, "PEM")
            easy.set(CURLOPT_SSLKEY_BLOB, blob: own.key.reveal())
        }
    }

    private func setProxy(_ easy: EasyHandle, isUpgrade: Bool) {
        // Empty, so that libcurl does not ask the environment by rules that differ from kubectl's.
        easy.set(CURLOPT_NOPROXY, "")
        guard let proxy = settings.proxy else {
            easy.set(CURLOPT_PROXY, "")
            return
        }
        let host = proxy.host.contains(":") ? "[\(proxy.host)]" : proxy.host
        let scheme = proxy.scheme == .socks5 ? "socks5h" : proxy.scheme.rawValue
        easy.set(CURLOPT_PROXY, "\(scheme)://\(host):\(proxy.port)")
        if let user = proxy.user { easy.set(CURLOPT_PROXYUSERNAME, user) }
        if let password = proxy.password { easy.set(CURLOPT_PROXYPASSWORD, password.revealText()) }
        easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if isUpgrade { easy.set(CURLOPT_HTTPPROXYTUNNEL, 1) }
    }

    private func setRequest(_ easy: EasyHandle) throws(HTTPError) {
        if settings.allowsCompression { easy.set(CURLOPT_ACCEPT_ENCODING, "gzip") }
        var lines: [String] = []
        // Nobody waits a second for a leave to send.
        lines.append("Expect:")
        if settings.serverName != nil { lines.append("Host: \(request.origin.authority)") }
        for field in request.fields {
            guard let line = field.line else {
                throw HTTPError(.unsendable("the field \(field.name) has a line break in it"), at: place)
            }
            lines.append(line)
        }
        easy.set(CURLOPT_HTTPHEADER, list: lines)
        if let body = request.body {
            easy.setBody(body)
        } else if request.method == .post {
            easy.setBody([])
        }
        if request.method != .get || request.body != nil {
            easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe easy.set(CURLOPT_HEADERDATA, pointer: context)
        unsafe easy.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
            let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
            transfer.takeHeaderLine(unsafe String(decoding: line, as: UTF8.self))
            return size * count
        }
        unsafe easy.set(CURLOPT_WRITEDATA, pointer: context)
        unsafe easy.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
            let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
            guard unsafe transfer.takeBody(piece) else { return ccurl_write_pause() }
            return size * count
        }
    }

    // MARK: What libcurl calls

    /// A line of the head, with its end.
    private func takeHeaderLine(_ line: String) {
        let line = line.filter { $0 != "\r\n" && $0 != "\n" && $0 != "\r" }
        lastActivity = .now
        if line.hasPrefix("HTTP/"), !hasHead {
            let parts = line.split(separator: " ", maxSplits: 2)
            status = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
            fields = HTTPFields()
            return
        }
        guard line.isEmpty else {
            if let colon = line.firstIndex(of: ":"), !hasHead {
                let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                fields.add(String(line[..<colon]), String(value))
            }
            return
        }
        // 1xx is followed by the answer itself.
        guard status >= 200, !hasHead, let easy else { return }
        let version = easy.long(CURLINFO_HTTP_VERSION) == Int(CURL_HTTP_VERSION_2_0) ? "2" : "1.1"
        deliver(Head(status: status, fields: fields, version: version))
    }

    /// - Returns: false where the transfer is to be paused; the same bytes then come again.
    private func takeBody(_ piece: UnsafeRawBufferPointer) -> Bool {
        guard deliver({ unsafe Array(piece) }) else { return false }
        received += piece.count
        lastActivity = .now
        return true
    }
}

extension Duration {
    /// Whole milliseconds, at least one of a time that is not nothing.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        let value = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        return value == 0 && attoseconds > 0 ? 1 : value
    }
}
