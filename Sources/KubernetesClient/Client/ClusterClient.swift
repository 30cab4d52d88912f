package import HTTPTransport
package import JSONText
package import Kubeconfig
import KubernetesAPI
import Secrets
import Synchronization

/// Asks one cluster's API server.
package final class ClusterClient: Sendable {
    package let access: ClusterAccess
    private let http: HTTPClient
    private let credentials: CredentialSource
    private let proxy: Proxy?
    private let userAgent: String
    private let session: String
    private let warn: @Sendable (String) -> Void
    /// What was told already.
    private let warnings = Mutex<Set<String>>([])
    private let serverDate = Mutex<String?>(nil)

    /// - Parameters:
    ///   - environment: for the proxy, where the kubeconfig names none.
    ///   - userAgent: of the form `kubectl-netviz/1.2 (linux/amd64)`.
    ///   - session: what the requests of one run have in common, for the server's audit log.
    ///   - warn: told of each warning of the server once.
    package init(
        _ access: ClusterAccess,
        credentials: CredentialSource,
        http: HTTPClient,
        environment: [String: String],
        userAgent: String,
        session: String,
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(ClusterError) {
        self.access = access
        self.credentials = credentials
        self.http = http
        self.userAgent = userAgent
        self.session = session
        self.warn = warn
        if let named = access.proxy {
            proxy = Proxy(
                .init(named.scheme),
                host: named.host,
                port: named.port,
                credentials: named.username.map { .init(user: $0, password: named.password ?? Secret("")) }
            )
            return
        }
        do throws(URLError) {
            proxy = try ProxyEnvironment.proxy(for: access.url(path: "/", query: ""), environment: environment)
        } catch {
            throw .credentials("the proxy that the environment names: \(error)", remedy: nil)
        }
    }

    /// `host:port` of the server.
    package var place: String { access.url(path: "/", query: "").endpoint }

    /// What the server's clock said last, as HTTP dates are written; nil before it answered.
    package var lastServerDate: String? { serverDate.withLock { $0 } }

    // MARK: Requests

    /// Sends a request, with credentials that are made anew once where the server refuses them.
    ///
    /// - Returns: an answer whose status is 2xx.
    package func send(_ call: APICall) async throws(ClusterError) -> HTTPResponse {
        var mayRepeat = true
        while true {
            let (request, settings, generation) = try await prepared(call)
            let response: HTTPResponse
            do throws(HTTPError) {
                response = try await http.send(
                    request, through: settings, retrying: RetryPolicy(maximumRetries: call.isRetried ? 10 : 0))
            } catch {
                throw .transport(error)
            }
            if let date = response.fields["Date"] { serverDate.withLock { $0 = date } }
            pass(response.fields.values("Warning"))
            // A page for people is no answer, whatever its status says.
            if 200..<300 ~= response.status,
                !(response.fields["Content-Type"] ?? "").lowercased().hasPrefix("text/html")
            {
                return response
            }
            let failure = await failure(response, of: call)
            guard response.status == 401, mayRepeat, await credentials.refuse(generation: generation) else {
                throw .refused(failure)
            }
            mayRepeat = false
        }
    }

    private func failure(_ response: HTTPResponse, of call: APICall) async -> APIFailure {
        let body = (try? await response.body.collect(limit: 64 << 10)) ?? []
        let answer = APIResponse(
            code: response.status,
            contentType: response.fields["Content-Type"] ?? "",
            retryAfter: response.fields["Retry-After"] ?? "",
            body: body
        )
        return APIFailure(answer, asked: call.asked, status: answer.isProtobuf ? Status(protobuf: body) : nil)
    }

    /// Sends a request whose answer is one small document.
    ///
    /// - Parameter limit: bytes of it that are read.
    package func document(_ call: APICall, limit: Int = 16 << 20) async throws(ClusterError) -> JSONTree {
        let response = try await send(call)
        let bytes: [UInt8]
        do throws(HTTPError) {
            bytes = try await response.body.collect(limit: limit)
        } catch {
            throw .transport(error)
        }
        do throws(JSONError) {
            return try JSONTree(bytes)
        } catch {
            throw .unreadable("\(place): the answer to \(call.method.rawValue) \(call.path) is no JSON: \(error)")
        }
    }

    /// Connects for a protocol of its own, and says what the request must bear to be let in.
    ///
    /// - Parameter target: path and query of the request that is going to be sent, percent-encoded, for the log.
    /// - Returns: the connection, the path before all others, the fields, and the credentials' generation for
    ///   `refuseCredentials`.
    package func connect(target: String) async throws(ClusterError) -> (
        connection: UpgradedConnection, pathPrefix: String, fields: [HTTPField], generation: UInt64
    ) {
        let (prepared, settings, generation) = try await prepared(APICall(.get, "/"))
        var request = prepared
        let parts = target.split(separator: "?", maxSplits: 1)
        request.url.path = access.server.pathPrefix + (parts.first ?? "/")
        request.url.query = parts.count > 1 ? String(parts[1]) : ""
        request.fields.removeAll { $0.name == "Accept" }
        do throws(HTTPError) {
            let connection = try await http.upgrade(request, through: settings)
            return (connection, access.server.pathPrefix, request.fields, generation)
        } catch {
            throw .transport(error)
        }
    }

    /// Says that the server refused credentials; true where asking again may help.
    package func refuseCredentials(generation: UInt64) async -> Bool {
        await credentials.refuse(generation: generation)
    }

    private func prepared(
        _ call: APICall
    ) async throws(ClusterError) -> (HTTPRequest, ConnectionSettings, generation: UInt64) {
        let held: Credentials
        do throws(KubeconfigError) {
            held = try await credentials.credentials()
        } catch {
            if error.code == .cancelled { throw .transport(HTTPError(.cancelled, endpoint: place)) }
            throw .credentials(error.description, remedy: error.remedy)
        }
        var fields = [
            HTTPField("Accept", .plain(call.accept)),
            HTTPField("User-Agent", .plain(userAgent)),
            HTTPField("Kubectl-Command", "kubectl netviz"),
            HTTPField("Kubectl-Session", .plain(session)),
        ]
        if call.body != nil { fields.append(HTTPField("Content-Type", .plain(call.contentType))) }
        if let authorization = held.authorization { fields.append(HTTPField("Authorization", .secret(authorization))) }
        for header in access.impersonation?.headers ?? [] {
            fields.append(HTTPField(header.name, .plain(header.value)))
        }
        var deadlines = call.deadlines
        // A watch lasts as long as it is wanted.
        if let limit = access.requestTimeout, !call.isStream { deadlines.whole = min(limit, deadlines.whole ?? limit) }
        let request = HTTPRequest(
            call.method,
            access.url(path: call.path, query: URLText.query(call.query.map { ($0.0, $0.1) })),
            fields: fields,
            body: call.body,
            deadlines: deadlines,
            version: call.isStream ? .http1 : .negotiated,
            isIdempotent: call.isIdempotent
        )
        return (request, settings(held), held.generation)
    }

    private func settings(_ held: Credentials) -> ConnectionSettings {
        let certificate = access.server.scheme == .https ? held.clientCertificate : nil
        return ConnectionSettings(
            trust: .init(access.trust),
            clientCertificate: certificate.map { .init(certificates: $0.chain, key: $0.key) },
            serverName: access.tlsServerName,
            proxy: proxy,
            isCompressionAllowed: !access.disableCompression
        )
    }

    private func pass(_ values: [String]) {
        for text in WarningHeader.texts(values) where warnings.withLock({ $0.insert(text).inserted }) { warn(text) }
    }
}

extension ClusterAccess {
    /// Where a path of the API is.
    fileprivate func url(path: String, query: String) -> HTTPURL {
        HTTPURL(
            scheme: server.scheme == .https ? .https : .http,
            host: server.host,
            port: server.port,
            path: server.pathPrefix + path,
            query: query
        )
    }
}

extension Proxy.Kind {
    fileprivate init(_ scheme: ProxyAddress.Scheme) {
        switch scheme {
        case .http: self = .http
        case .https: self = .https
        case .socks5: self = .socks5
        }
    }
}

extension ConnectionSettings.Trust {
    fileprivate init(_ trust: ServerTrust) {
        switch trust {
        case .system: self = .systemRoots
        case .authority(let certificates): self = .authorities(certificates)
        case .insecure: self = .none
        }
    }
}
