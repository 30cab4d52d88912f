internal import CCurl
internal import Secrets

extension EasyHandle {
    /// How the server is reached and trusted.
    func set(_ settings: ConnectionSettings, for request: HTTPRequest) {
        let url = request.url
        noteSockets()
        set(CURLOPT_NOSIGNAL, 1)
        // A name that is still being resolved is not waited for when the transfer ends.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        // The transfer thread watches the time itself, to see how far it is come; this is for ever, or so.
        set(CURLOPT_CONNECTTIMEOUT_MS, 2_000_000_000)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TCP_KEEPIDLE, 30)
        set(CURLOPT_TCP_KEEPINTVL, 30)
        set(CURLOPT_PATH_AS_IS, 1)
        if let serverName = settings.serverName, !serverName.isEmpty {
            // What the URL names is what SNI sends and what the certificate must have.
            var named = url
            named.host = serverName
            set(CURLOPT_URL, "\(url.scheme.rawValue)://\(named.endpoint)\(url.target)")
            setConnectTo("::\(url.endpoint)")
        } else {
            set(CURLOPT_URL, "\(url.scheme.rawValue)://\(url.endpoint)\(url.target)")
        }
        setTLS(settings)
        setProxy(settings)
    }

    private func setTLS(_ settings: ConnectionSettings) {
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_PROXY_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        switch settings.trust {
        case .systemRoots: break
        case .authorities(let certificates):
            set(CURLOPT_CAINFO_BLOB, blob: certificates)
            if settings.proxy?.kind == .https { set(CURLOPT_PROXY_CAINFO_BLOB, blob: certificates) }
        case .none:
            for option in [CURLOPT_SSL_VERIFYPEER, CURLOPT_SSL_VERIFYHOST] { set(option, 0) }
            for option in [CURLOPT_PROXY_SSL_VERIFYPEER, CURLOPT_PROXY_SSL_VERIFYHOST] { set(option, 0) }
        }
        if let certificate = settings.clientCertificate {
            set(CURLOPT_SSLCERTTYPE, "PEM")
            set(CURLOPT_SSLKEYTYPE, "PEM")
            set(CURLOPT_SSLCERT_BLOB, blob: certificate.certificates)
            set(CURLOPT_SSLKEY_BLOB, blob: certificate.key.reveal())
        }
    }

    private func setProxy(_ settings: ConnectionSettings) {
        // Set in any case: otherwise libcurl looks into the environment, by rules that are not kubectl's.
        set(CURLOPT_NOPROXY, "")
        guard let proxy = settings.proxy else {
            set(CURLOPT_PROXY, "")
            return
        }
        let type: curl_proxytype
        switch proxy.kind {
        case .http: type = CURLPROXY_HTTP
        case .https: type = CURLPROXY_HTTPS
        case .socks5: type = CURLPROXY_SOCKS5_HOSTNAME
        }
        set(CURLOPT_PROXY, HTTPURL.bracketed(proxy.host))
        set(CURLOPT_PROXYPORT, Int(proxy.port))
        set(CURLOPT_PROXYTYPE, Int(type.rawValue))
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let credentials = proxy.credentials {
            set(CURLOPT_PROXYAUTH, 1)  // CURLAUTH_BASIC, a macro that Swift does not see
            set(CURLOPT_PROXYUSERNAME, credentials.user)
            set(CURLOPT_PROXYPASSWORD, credentials.password.revealText())
        }
    }

    /// What is sent.
    func set(_ request: HTTPRequest, compression: Bool) {
        switch request.version {
        case .negotiated:
            set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
            // Many requests at once share one HTTP/2 connection rather than each open its own.
            set(CURLOPT_PIPEWAIT, 1)
        case .http1: set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        }
        if compression { set(CURLOPT_ACCEPT_ENCODING, "gzip") }
        // What is read at once is decompressed at once, a thousand times larger at worst, and held while its reader is
        // behind.
        set(CURLOPT_BUFFERSIZE, 16 << 10)
        let hasBody =
            request.body != nil || request.method == .post || request.method == .put || request.method == .patch
        if hasBody {
            // By callbacks, so that libcurl asks before it sends a body a second time.
            set(CURLOPT_POST, 1)
            set(CURLOPT_POSTFIELDSIZE_LARGE, offset: Int64(request.body?.count ?? 0))
            // With nothing to send again libcurl would not ask.
            if !request.isIdempotent, request.body?.isEmpty ?? true { set(CURLOPT_FRESH_CONNECT, 1) }
        } else if request.method == .head {
            set(CURLOPT_NOBODY, 1)
        } else {
            set(CURLOPT_HTTPGET, 1)
        }
        set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        setHeaderLines(headerLines(request))
    }

    private func headerLines(_ request: HTTPRequest) -> [[UInt8]] {
        // A name with nothing takes away what libcurl would add.
        var lines = [[UInt8]("Expect:".utf8)]
        let names = request.fields.map(\.name)
        for own in ["Accept", "Content-Type"] where !names.contains(where: { isEqualIgnoringCase($0, own) }) {
            lines.append([UInt8]((own + ":").utf8))
        }
        if !names.contains(where: { isEqualIgnoringCase($0, "Host") }) {
            lines.append([UInt8]("Host: \(request.url.authority)".utf8))
        }
        for field in request.fields {
            let value = field.value.bytes
            // CURLOPT_HTTPHEADER(3): a field without a value is written with a semicolon.
            let isBlank = value.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            lines.append([UInt8](field.name.utf8) + (isBlank ? [UInt8(ascii: ";")] : [UInt8](": ".utf8) + value))
        }
        return lines
    }

    /// Only a connection is made, and kept open for a stream.
    func setConnectOnly() {
        set(CURLOPT_CONNECT_ONLY, 1)
        // The least: what is received by curl_easy_recv does not go through it.
        set(CURLOPT_BUFFERSIZE, 1024)
        // With HTTP/2 agreed on, curl_easy_send of 7.88 crashes.
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        set(CURLOPT_HTTPPROXYTUNNEL, 1)
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, at least one and at most what fits 32 bits.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 2_000_000 else { return 2_000_000_000 }
        guard seconds >= 0, attoseconds >= 0 else { return 1 }
        return max(1, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
