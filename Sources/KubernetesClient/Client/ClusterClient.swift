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
    private let proxy: HTTPTransport.ProxyAddress?
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
            proxy = HTTPTransport.ProxyAddress(
                scheme: .init(named.scheme),
                host: named.host,
                port: named.port,
                user: named.username,
                password: named.password
            )
            return
        }
        switch ProxyEnvironment.proxy(for: access.origin, environment: { environment[$0] }) {
        case .none: proxy = nil
        case .proxy(let address): proxy = address
        case .invalid(let variable):
            throw .credentials("the environment's \(variable) is no URL of a proxy", remedy: nil)
        }
    }

    /// `host:port` of the server.
    package var place: String { access.origin.authority }

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
                    request, through: settings, retrying: call.isRetried ? RetryPolicy() : .never)
            } catch {
                throw .transport(error)
            }
            if let date = response.fields["Date"] { serverDate.withLock { $0 = date } }
            pass(response.fields.values(of: "Warning"))
            // A page for people is no answer, whatever its status says.
            if 200..<300 ~= response.status, response.mediaType != "text/html" { return response }
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
    /// - Returns: the connection, the path before all others, the fields, and the credentials' generation for
    ///   `refuseCredentials`.
    package func connect() async throws(ClusterError) -> (
        connection: UpgradedConnection, pathPrefix: String, fields: [HTTPField], generation: UInt64
    ) {
        let (request, settings, generation) = try await prepared(APICall(.get, "/"))
        do throws(HTTPError) {
            let connection = try await http.connect(request, through: settings)
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
            if error.code == .cancelled { throw .transport(HTTPError(.cancelled, at: place)) }
            throw .credentials(error.description, remedy: error.remedy)
        }
        var fields = [
            HTTPField("Accept", call.accept),
            HTTPField("User-Agent", userAgent),
            HTTPField("Kubectl-Command", "kubectl netviz"),
            HTTPField("Kubectl-Session", session),
        ]
        if call.body != nil { fields.append(HTTPField("Content-Type", call.contentType)) }
        if let authorization = held.authorization { fields.append(HTTPField("Authorization", authorization)) }
        for header in access.impersonation?.headers ?? [] { fields.append(HTTPField(header.name, header.value)) }
        var patience = call.patience
        if let limit = access.requestTimeout { patience.whole = min(limit, patience.whole ?? limit) }
        let query = call.query.isEmpty ? "" : "?" + HTTPTransport.URLText.query(call.query)
        let request = HTTPRequest(
            call.method,
            access.origin,
            target: access.server.pathPrefix + call.path + query,
            fields: fields,
            body: call.body,
            patience: patience
        )
        return (request, settings(held), held.generation)
    }

    private func settings(_ held: Credentials) -> ConnectionSettings {
        let certificate = access.server.scheme == .https ? held.clientCertificate : nil
        return ConnectionSettings(
            trust: .init(access.trust),
            clientCertificate: certificate.map { .init(certificate: $0.chain, key: $0.key) },
            serverName: access.tlsServerName,
            proxy: proxy,
            allowsCompression: !access.disableCompression
        )
    }

    private func pass(_ values: [String]) {
        for text in WarningHeader.texts(values) where warnings.withLock({ $0.insert(text).inserted }) { warn(text) }
    }
}

extension ClusterAccess {
    fileprivate var origin: HTTPOrigin {
        HTTPOrigin(scheme: server.scheme.rawValue, host: server.host, port: server.port)
    }
}

extension HTTPTransport.ProxyAddress.Scheme {
    fileprivate init(_ scheme: Kubeconfig.ProxyAddress.Scheme) {
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
        case .system: self = .system
        case .authority(let certificates): self = .authorities(certificates)
        case .insecure: self = .anything
        }
    }
}
