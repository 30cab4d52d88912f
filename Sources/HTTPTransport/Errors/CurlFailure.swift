import CCurl

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Transfer {
    /// What libcurl's verdict over the transfer means.
    func failure(_ code: CURLcode) -> HTTPError {
        let text = easy?.failureText ?? ""
        let words = text.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : text
        return HTTPError(reason(code, words), at: place)
    }

    private func reason(_ code: CURLcode, _ text: String) -> HTTPError.Reason {
        if settings.proxy != nil, !hasHead, let reason = proxyReason(code, text) { return reason }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: return .unresolvable(host: request.origin.host)
        case CURLE_COULDNT_CONNECT: return connectionReason(text)
        case CURLE_OPERATION_TIMEDOUT: return .timedOut(.connection, settings.connectPatience)
        case CURLE_PEER_FAILED_VERIFICATION:
            return text.contains("subject name") || text.contains("does not match")
                ? .wrongName(text) : .untrusted(text)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED, CURLE_SSL_ENGINE_INITFAILED:
            return .tls(text)
        case CURLE_SSL_CERTPROBLEM: return .clientCertificate(text)
        case CURLE_SSL_CACERT_BADFILE: return .authorities(text)
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            return hasHead ? .cutOff(received: received) : .closedEarly
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            return .malformed(text)
        case CURLE_URL_MALFORMAT: return .unsendable(text)
        default: return .other(text)
        }
    }

    private func connectionReason(_ text: String) -> HTTPError.Reason {
        let number = Int32(easy?.long(CURLINFO_OS_ERRNO) ?? 0)
        if number == ECONNREFUSED { return .refused }
        guard number != 0, let words = unsafe strerror(number) else { return .unreachable(text) }
        return .unreachable(unsafe String(cString: words))
    }

    private func proxyReason(_ code: CURLcode, _ text: String) -> HTTPError.Reason? {
        let proxy = settings.proxy?.shown ?? ""
        switch code {
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: return .proxy("\(proxy): \(text)")
        case CURLE_COULDNT_CONNECT: return .proxy("\(proxy) cannot be reached: \(text)")
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_OPERATION_TIMEDOUT, CURLE_GOT_NOTHING:
            return text.contains("CONNECT") || text.contains("proxy") ? .proxy("\(proxy): \(text)") : nil
        default: return nil
        }
    }
}
