import HTTPTransport
import Kubeconfig
package import KubernetesAPI
import Secrets
import WebSocket

/// Why a command does not run.
package enum ExecFailure: Error, Sendable {
    /// There is no connection to the API server.
    case cluster(ClusterError)
    /// The server's answer, or that it gave none.
    case result(ExecResult)
}

extension ClusterClient {
    /// Runs a command in a container, and returns when the server took it.
    ///
    /// - Parameter sendsPings: whether the server is pinged, so that boxes on the way keep a silent connection, and its
    ///   silence is noticed. Where the end of the output counts it must not be: a ping that meets the end of the process
    ///   can cost it.
    package func exec(
        _ request: ExecRequest,
        sendsPings: Bool = false
    ) async throws(ExecFailure) -> RunningExec {
        var offering: [ExecProtocol] = [.v5, .v4]
        var attempt = 0
        while true {
            attempt += 1
            let (running, generation) = try await begin(request, offering, sendsPings)
            guard let result = await running.open() else { return running }
            await running.close()
            guard case .refused(let refusal) = result, attempt < 10,
                let wait = await remedy(of: refusal, generation, &offering, attempt)
            else { throw .result(result) }
            guard (try? await Task.sleep(for: wait)) != nil else { throw .result(result) }
        }
    }

    private func begin(
        _ request: ExecRequest,
        _ offering: [ExecProtocol],
        _ sendsPings: Bool
    ) async throws(ExecFailure) -> (RunningExec, generation: UInt64) {
        do throws(ClusterError) {
            let (connection, prefix, fields, generation) = try await connect(target: request.target())
            var random = SystemRandomNumberGenerator()
            let headers = fields.map { field in
                UpgradeRequest.Header(field.name, field.secretValue)
            }
            do throws(UpgradeRequestError) {
                let session = try ExecSession(
                    request,
                    host: access.server.authority,
                    prefix: prefix,
                    headers: headers,
                    key: WebSocketKey(using: &random),
                    offering: offering,
                    sendsPings: sendsPings
                )
                return (RunningExec(connection, session), generation)
            } catch {
                throw .unreadable("the exec request cannot be written: \(error)")
            }
        } catch {
            throw .cluster(error)
        }
    }
}

extension HTTPField {
    fileprivate var secretValue: Secret {
        switch value {
        case .plain(let text): Secret(text)
        case .secret(let secret): secret
        }
    }
}

extension ClusterClient {
    /// How long to wait before the same is asked again, perhaps otherwise; nil where that is of no use.
    private func remedy(
        of refusal: ExecRefusal,
        _ generation: UInt64,
        _ offering: inout [ExecProtocol],
        _ attempt: Int
    ) async -> Duration? {
        switch refusal.kind {
        case .unauthorized:
            guard attempt == 1, await refuseCredentials(generation: generation) else { return nil }
            return .zero
        case .unknownProtocol:
            guard offering.count > 1 else { return nil }
            offering = [.v4]
            return .zero
        case .throttled(let seconds):
            let seconds = seconds ?? 1
            return seconds <= 30 ? .seconds(seconds) : nil
        case .containerNotFound:
            // A container may be told to run an instant before it can be entered.
            return .milliseconds(500)
        default: return nil
        }
    }
}
