import TestSupport

/// nginx before the API server, as a load balancer stands there: TLS, HTTP/2, compression, connections that end after a
/// few requests.
struct Gateway: Sendable {
    let folder: String
    let port: UInt16

    /// A line for each request that has ended: connection, protocol, status, encoding of the body, method, path.
    func log() -> [String] {
        ((try? readText(folder + "/access")) ?? "").split(separator: "\n").map(String.init)
    }

    /// Connections that were used.
    var connectionCount: Int { Set(log().map { $0.prefix { $0 != " " } }).count }

    /// Makes the cluster's kubeconfig lead through it while `body` runs; the server must speak TLS with `cluster`'s
    /// certificate.
    static func with(
        _ cluster: RunningCluster,
        isHTTP2: Bool = true,
        requestsOfConnection: Int = 1000,
        isCompressing: Bool = false,
        _ body: (Gateway) async throws -> Void
    ) async throws {
        let folder = cluster.folder + "/gateway"
        try makeDirectory(folder)
        // Free a moment ago: nginx cannot take port 0.
        let text = try await runSuccessfully(
            "python3",
            ["-c", "import socket; print(socket.create_server(('127.0.0.1', 0)).getsockname()[1], end='')"])
        guard let port = UInt16(text) else { throw NoPort() }
        let gateway = Gateway(folder: folder, port: port)
        let configuration = """
            user root;
            daemon off;
            worker_processes 1;
            pid \(folder)/nginx.pid;
            events { worker_connections 512; }
            http {
                log_format own '$connection $server_protocol $status $sent_http_content_encoding. $request_method $uri';
                access_log \(folder)/access own;
                client_body_temp_path \(folder)/body;
                keepalive_requests \(requestsOfConnection);
                gzip \(isCompressing ? "on" : "off");
                gzip_proxied any;
                gzip_min_length 1;
                gzip_types application/json application/vnd.kubernetes.protobuf;
                map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                server {
                    listen 127.0.0.1:\(port) ssl\(isHTTP2 ? " http2" : "");
                    ssl_certificate \(cluster.folder)/server.pem;
                    ssl_certificate_key \(cluster.folder)/server-key.pem;
                    location / {
                        proxy_pass https://127.0.0.1:\(cluster.server.port);
                        proxy_http_version 1.1;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                        proxy_buffering off;
                        proxy_read_timeout 600s;
                    }
                }
            }
            """
        try writeFile(configuration.utf8, to: folder + "/nginx.conf")
        let kubeconfig = try readText(cluster.kubeconfig)
        try writeFile(
            kubeconfig.replacing("127.0.0.1:\(cluster.server.port)", with: "127.0.0.1:\(port)").utf8,
            to: cluster.kubeconfig)
        _ = try await withBackgroundCommand(
            "nginx", ["-c", folder + "/nginx.conf", "-p", folder, "-e", folder + "/error"]
        ) { _ in
            for _ in 0..<1000 where !fileExists(folder + "/nginx.pid") {
                try await Task.sleep(for: .milliseconds(10))
            }
            try await body(gateway)
        }
    }

    /// No port is free.
    struct NoPort: Error {}
}
