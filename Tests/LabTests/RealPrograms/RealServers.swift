import TestSupport

/// Real servers on the lab's hosts.
///
/// Every exchange has a server port of its own, so that what is found can be counted.
enum RealServers {
    /// The file that nginx serves, in bytes.
    static let fileSize = 123_456
    /// Where nginx listens: behind the Service, and for connections of one request and of several.
    static let service = 8080, oneRequest = 8081, keepAlive = 8082
    /// Where iperf3 listens; it serves one client at a time.
    static func iperfTCP(_ family: LabFamily) -> Int { family == .ipv4 ? 5201 : 5203 }
    static func iperfUDP(_ family: LabFamily) -> Int { family == .ipv4 ? 5202 : 5204 }
    /// Where dnsmasq listens, behind the Service.
    static let dns = 5353
    /// Where nc waits for one connection, which it closes at once, and for one datagram, which it does not answer.
    static func closing(_ family: LabFamily) -> Int { family == .ipv4 ? 9100 : 9101 }
    static func datagram(_ family: LabFamily) -> Int { family == .ipv4 ? 9102 : 9103 }
    /// Where socat sends back what comes.
    static let echo = 9104

    /// - Parameter directory: where the file that nginx serves is, and where programs may write.
    static func all(directory: String) throws -> [LabServer] {
        let name = directory + "/nginx.conf"
        try writeFile(nginx(directory).utf8, to: name)
        let perFamily = LabFamily.allCases.flatMap { family in
            [
                iperf(iperfTCP(family)), iperf(iperfUDP(family)),
                netcat([family.flag, "-l", "-N"], .tcp, closing(family)),
                netcat([family.flag, "-l", "-u"], .udp, datagram(family)),
            ]
        }
        return perFamily + [
            LabServer(on: "server-0", "nginx", ["-c", name], readyWhen: .listening(.tcp, UInt16(keepAlive))),
            LabServer(
                on: "server-1",
                "dnsmasq",
                [
                    "--no-daemon", "--conf-file=/dev/null", "--pid-file=", "--user=root", "--port=\(dns)",
                    "--no-resolv", "--no-hosts", "--address=/lab.test/10.0.0.1",
                ],
                readyWhen: .listening(.udp, UInt16(dns))
            ),
            LabServer(
                on: "server-1",
                "socat",
                ["TCP6-LISTEN:\(echo),fork,reuseaddr,ipv6only=0", "PIPE"],
                readyWhen: .listening(.tcp, UInt16(echo))
            ),
            LabServer(
                on: "server-1",
                "socat",
                ["UDP6-LISTEN:\(echo),fork,reuseaddr,ipv6only=0", "PIPE"],
                readyWhen: .listening(.udp, UInt16(echo))
            ),
        ]
    }

    private static func iperf(_ port: Int) -> LabServer {
        LabServer(on: "server-0", "iperf3", ["-s", "-p", String(port)], readyWhen: .listening(.tcp, UInt16(port)))
    }

    private static func netcat(_ arguments: [String], _ transport: LabService.Transport, _ port: Int) -> LabServer {
        LabServer(on: "server-1", "nc", arguments + [String(port)], readyWhen: .listening(transport, UInt16(port)))
    }

    /// nginx without anything that is not needed, in the foreground.
    private static func nginx(_ directory: String) -> String {
        let listening = [service, oneRequest, keepAlive].map { "listen [::]:\($0) ipv6only=off;" }
        return """
            daemon off; worker_processes 1; user root; pid \(directory)/nginx.pid; error_log stderr error;
            events {}
            http {
                access_log off;
                client_body_temp_path \(directory)/body; proxy_temp_path \(directory)/proxy;
                fastcgi_temp_path \(directory)/fastcgi; uwsgi_temp_path \(directory)/uwsgi;
                scgi_temp_path \(directory)/scgi;
                server { \(listening.joined(separator: " ")) root \(directory); }
            }

            """
    }
}
