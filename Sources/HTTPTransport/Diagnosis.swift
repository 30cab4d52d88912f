internal import CCurl

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

// What libcurl's results mean to users.
extension EasyHandle {
    /// How far a transfer is that has not ended.
    func stage(of request: HTTPRequest, through proxy: Proxy?, _ head: ResponseHead) -> HTTPError.Stage {
        if head.isComplete { return .body }
        if isConnected { return .head }
        return connectStage(of: request, through: proxy)
    }

    /// Whether there is a connection, with proxy and TLS, that a request can be sent on.
    var isConnected: Bool { offset(CURLINFO_PRETRANSFER_TIME_T) > 0 }

    /// How far a connection is that is not there yet.
    func connectStage(of request: HTTPRequest, through proxy: Proxy?) -> HTTPError.Stage {
        if offset(CURLINFO_NAMELOOKUP_TIME_T) == 0 { return .resolving }
        if !isTCPConnected { return .connecting }
        // Of a SOCKS proxy nothing tells whether it has answered.
        if proxy != nil, long(CURLINFO_HTTP_CONNECTCODE) == 0 { return .proxy }
        return request.url.scheme == .https ? .handshake : .connecting
    }

    /// - Parameter byteCount: of the body, or of the stream, so far.
    func reason(
        _ result: CURLcode,
        _ request: HTTPRequest,
        _ settings: ConnectionSettings,
        byteCount: UInt64
    ) -> HTTPError.Reason {
        let connectStatus = long(CURLINFO_HTTP_CONNECTCODE)
        if let proxy = settings.proxy, connectStatus != 0, !(200..<300).contains(connectStatus),
            offset(CURLINFO_PRETRANSFER_TIME_T) == 0
        {
            return .proxyRefused(proxy: proxy.endpoint, status: connectStatus, detail: "")
        }
        let detail = errorMessage
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST: return .unresolvedHost
        case CURLE_COULDNT_RESOLVE_PROXY: return .unresolvedProxy(settings.proxy?.endpoint ?? "")
        case CURLE_PROXY:
            return .proxyRefused(proxy: settings.proxy?.endpoint ?? "", status: nil, detail: detail)
        case CURLE_COULDNT_CONNECT: return connectReason(settings, detail)
        case CURLE_PEER_FAILED_VERIFICATION: return .tls(verificationFailure(detail), detail: detail)
        case CURLE_SSL_CERTPROBLEM: return .tls(.clientCertificate, detail: detail)
        case CURLE_SSL_CACERT_BADFILE: return .tls(.authorities, detail: detail)
        case CURLE_SSL_CONNECT_ERROR: return handshakeReason(detail, byteCount)
        case CURLE_GOT_NOTHING: return .closedEarly(bytesReceived: 0)
        case CURLE_PARTIAL_FILE: return .closedEarly(bytesReceived: byteCount)
        // libcurl wanted to send the body again, which was refused: the connection had ended without a response.
        case CURLE_SEND_FAIL_REWIND: return .closedEarly(bytesReceived: byteCount)
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR: return connectionReason(detail, byteCount)
        case CURLE_HTTP2, CURLE_HTTP2_STREAM: return http2Reason(detail, byteCount)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            return .malformedResponse(detail.isEmpty ? Self.words(result) : detail)
        default: return .other(code: Int(result.rawValue), detail.isEmpty ? Self.words(result) : detail)
        }
    }

    private func connectReason(_ settings: ConnectionSettings, _ detail: String) -> HTTPError.Reason {
        let code = Int32(truncatingIfNeeded: long(CURLINFO_OS_ERRNO))
        if let proxy = settings.proxy {
            let words = code == 0 ? detail : Self.words(of: code)
            return .proxyRefused(proxy: proxy.endpoint, status: nil, detail: words)
        }
        switch code {
        case ECONNREFUSED: return .refused
        case 0: return .unreachable(detail)
        default: return .unreachable(Self.words(of: code))
        }
    }

    /// OpenSSL's code of the failure, X509_STORE_CTX_get_error(3). A name that does not match is libcurl's own finding,
    /// without a code.
    private func verificationFailure(_ detail: String) -> HTTPError.TLSFailure {
        switch long(CURLINFO_SSL_VERIFYRESULT) {
        case 2, 18, 19, 20, 21, 27: .unknownAuthority
        case 9, 11: .notYetValid
        case 10, 12: .expired
        case 62, 64: .nameMismatch
        // 1 is what libcurl has before it has asked.
        case 0, 1: detail.contains("does not match") || detail.contains("no alternative") ? .nameMismatch : .notVerified
        default: .notVerified
        }
    }

    private func handshakeReason(_ detail: String, _ byteCount: UInt64) -> HTTPError.Reason {
        if Self.namesRefusedCertificate(detail) { return .tls(.refusedByServer, detail: detail) }
        return .tls(.handshake, detail: detail)
    }

    private func connectionReason(_ detail: String, _ byteCount: UInt64) -> HTTPError.Reason {
        // With TLS 1.3 the refusal of a client's certificate comes after the handshake (RFC 8446 6.2), as an alert
        // that only OpenSSL's text tells of.
        if Self.namesRefusedCertificate(detail) { return .tls(.refusedByServer, detail: detail) }
        switch Int32(truncatingIfNeeded: long(CURLINFO_OS_ERRNO)) {
        case ECONNRESET, EPIPE: return .reset(bytesReceived: byteCount)
        default: return .closedEarly(bytesReceived: byteCount)
        }
    }

    /// libcurl tells of GOAWAY and of a refused stream only in its text; these the server did not handle, RFC 9113 6.8.
    private func http2Reason(_ detail: String, _ byteCount: UInt64) -> HTTPError.Reason {
        if detail.contains("REFUSED_STREAM") || detail.contains("GOAWAY") { return .goneAway }
        return .reset(bytesReceived: byteCount)
    }

    private static func namesRefusedCertificate(_ detail: String) -> Bool {
        ["alert certificate", "alert bad certificate", "alert unknown ca", "alert handshake failure"]
            .contains { detail.contains($0) }
            || detail.contains("certificate required")
    }

    /// An error of the system in its words, without strerror(3), which another thread may call.
    private static func words(of code: Int32) -> String {
        switch code {
        case ENETUNREACH: return "no route to the network"
        case EHOSTUNREACH: return "no route to the host"
        case ETIMEDOUT: return "no answer"
        case ECONNREFUSED: return "connection refused"
        case EACCES, EPERM: return "not permitted"
        case EMFILE, ENFILE: return "too many open files"
        default: return "error \(code)"
        }
    }

    private static func words(_ result: CURLcode) -> String {
        unsafe curl_easy_strerror(result).map { unsafe String(cString: $0) } ?? "error"
    }
}
