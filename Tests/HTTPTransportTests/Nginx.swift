import TestSupport
import Testing

/// An nginx on loopback ports of its own: HTTP/2 over TLS, TLS that asks for a client's certificate, and plain HTTP.
struct Nginx: Sendable {
    let folder: String
    let http2Port: UInt16
    let clientCertificatePort: UInt16
    let plainPort: UInt16

    /// A line for each request that has ended: connection, protocol, status, bytes of the body, path.
    func log() -> [String] {
        ((try? readText(folder + "/access")) ?? "").split(separator: "\n").map(String.init)
    }

    /// Waits for a line that satisfies the condition, five seconds at most.
    func expectLog(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ isWanted: (String) -> Bool
    ) async throws {
        try await expectLine(log, sourceLocation, isWanted)
    }
}

/// Runs nginx while `body` runs.
///
/// - Parameter requestsOfConnection: after so many it ends a connection, over HTTP/2 with a GOAWAY.
func withNginx<Value>(requestsOfConnection: Int = 1000, _ body: (Nginx) async throws -> Value) async throws -> Value {
    let certificates = try await Certificates.shared().folder
    return try await withTemporaryDirectory { folder in
        // Free a moment ago: nginx cannot take port 0.
        let ports = try await runSuccessfully(
            "python3",
            [
                "-c",
                """
                import socket
                sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
                print(*[s.getsockname()[1] for s in sockets])
                """,
            ]
        ).split { $0 == " " || $0 == "\n" }.compactMap { UInt16($0) }
        let nginx = Nginx(
            folder: folder, http2Port: ports[0], clientCertificatePort: ports[1], plainPort: ports[2])
        try makeDirectory(folder + "/files")
        try writeFile([UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20), to: folder + "/files/compressible.txt")
        _ = try await runSuccessfully("truncate", ["--size=1G", folder + "/files/huge"])
        try writeFile(configuration(nginx, certificates, requestsOfConnection).utf8, to: folder + "/nginx.conf")
        return try await withBackgroundCommand(
            "nginx", ["-c", folder + "/nginx.conf", "-p", folder, "-e", folder + "/error"]
        ) { _ in
            for _ in 0..<1000 where !fileExists(folder + "/nginx.pid") {
                try await Task.sleep(for: .milliseconds(10))
            }
            return try await body(nginx)
        }.value
    }
}

private func configuration(_ nginx: Nginx, _ certificates: String, _ requestsOfConnection: Int) -> String {
    """
    user root;
    daemon off;
    worker_processes 1;
    pid \(nginx.folder)/nginx.pid;
    events { worker_connections 512; }
    http {
        log_format own '$connection $server_protocol $status $body_bytes_sent $uri';
        access_log \(nginx.folder)/access own;
        client_body_temp_path \(nginx.folder)/body;
        root \(nginx.folder)/files;
        keepalive_requests \(requestsOfConnection);
        gzip on;
        gzip_types text/plain;
        types { text/plain txt; }
        default_type application/octet-stream;
        ssl_certificate \(certificates)/server.pem;
        ssl_certificate_key \(certificates)/server.key;
        location_places;
    }
    """.replacing(
        "location_places;",
        with: """
            server { listen 127.0.0.1:\(nginx.http2Port) ssl http2; \(locations) }
            server {
                listen 127.0.0.1:\(nginx.clientCertificatePort) ssl;
                ssl_client_certificate \(certificates)/ca.pem;
                ssl_verify_client on;
                location /who { return 200 $ssl_client_s_dn; }
            }
            server { listen 127.0.0.1:\(nginx.plainPort); \(locations) }
            """)
}

private let locations = """
    location /protocol { return 200 "$server_protocol $host $ssl_server_name"; }
    location /moved { return 302 /protocol; }
    location /none { return 204; }
    """
