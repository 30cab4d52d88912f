import TestSupport
import Synchronization
import Testing

extension RealCluster {
    @Suite("Known traffic")
    final class TrafficTests: Sendable {
        let cluster: ClusterUnderTest
        let plugin: Plugin
        let newborn = Mutex("")

        init() throws {
            cluster = try ClusterUnderTest()
            plugin = Plugin(cluster: cluster)
        }

        @Test("is told as it was: each connection once, both ends named, through Services, NodePorts and out")
        func everyWay() async throws {
            let shop = try await cluster.shop()
            let nodes = try #require(cluster.nodesThatWereMade)
            let client = try #require(shop.first { $0.app == "frontend" && $0.node == nodes[0] })
            let server = try #require(shop.first { $0.app == "backend" && $0.node == nodes[1] })
            let otherNode = try #require(cluster.nodeAddresses.last)

            let result = try await window(8, ["-n", "shop", "--group-by", "connection", "-o", "json"]) {
                try await cluster.kubectl([
                    "-n", "shop", "exec", client.name, "--", "sh", "-c",
                    """
                    for i in 1 2 3; do wget -q -O /dev/null http://$BACKEND_SERVICE_HOST/1024; done
                    for i in 1 2; do wget -q -O /dev/null http://\(server.address):8080/1024; done
                    for i in 1 2; do wget -q -O /dev/null http://\(otherNode):30080/1024; done
                    wget -q -O /dev/null http://\(cluster.outsideAddress)/1024
                    for i in 1 2 3 4; do printf 12345 | socat -t 0.2 - UDP4:$BACKEND_SERVICE_HOST:7007; done
                    """,
                ])
            }

            #expect(result.status == .exited(0), "\(result.errorText)")
            let items = try Plugin.items(result)
            #expect(items.count == 12)
            #expect(items.allSatisfy { $0["source_pod"]?.string == "shop/\(client.name)" })
            #expect(items.allSatisfy { $0["connection_count"]?.integer == 1 && $0["new_connections"]?.integer == 1 })
            #expect(items.allSatisfy { $0["verdict"]?.string == "ACCEPT" })
            func count(_ service: String?, _ transport: String) -> Int {
                items.count { $0["service"]?.string == service && $0["protocol"]?.string == transport }
            }
            #expect(count("shop/backend:http", "TCP") == 3)
            #expect(count("shop/storefront:http", "TCP") == 2)
            #expect(count("shop/backend:echo", "UDP") == 4)
            let direct = items.filter { $0["service"] == nil && $0["dest_pod"]?.string == "shop/\(server.name)" }
            #expect(direct.count == 2)
            // Both nodes saw them, and they are told once.
            #expect(direct.allSatisfy { $0["nodes"]?.array?.count == 2 })
            let outside = items.filter { $0["dest_ip"]?.string == cluster.outsideAddress }
            #expect(outside.map { $0["dest_kind"]?.string } == ["external"])
            // A datagram of five bytes has 33 with its headers, there and back.
            for item in items where item["protocol"]?.string == "UDP" {
                #expect(item["bytes_sent"]?.integer == 33)
                #expect(item["bytes_received"]?.integer == 33)
                #expect(item["packets_sent"]?.integer == 1)
            }
            #expect(try await plugin.remains(after: .seconds(15)) == [])
        }

        @Test("of a pod that starts and of one that dies within the window is named")
        func bornAndDied() async throws {
            try await cluster.kubectl(["-n", "shop", "scale", "deployment/frontend", "--replicas=2"])
            let before = try await cluster.shop().filter { $0.app == "frontend" }.map(\.name)
            let result = try await window(14, ["-n", "shop", "--group-by", "pod", "-o", "json"]) {
                try await cluster.kubectl(["-n", "shop", "scale", "deployment/frontend", "--replicas=3"])
                try await cluster.kubectl([
                    "-n", "shop", "wait", "--for=condition=Ready", "pod", "-l", "app=frontend", "--timeout=30s",
                ])
                let born = try await cluster.shop().first { $0.app == "frontend" && !before.contains($0.name) }
                let name = try #require(born?.name)
                try await cluster.kubectl([
                    "-n", "shop", "exec", name, "--", "sh", "-c",
                    "wget -q -O /dev/null http://$BACKEND_SERVICE_HOST/1024",
                ])
                try await cluster.kubectl(["-n", "shop", "delete", "pod", name, "--grace-period=1", "--wait=true"])
                newborn.withLock { $0 = name }
            }
            try await cluster.kubectl(["-n", "shop", "scale", "deployment/frontend", "--replicas=2"])
            let name = newborn.withLock { $0 }
            let items = try Plugin.items(result)
            #expect(items.contains { $0["source_pod"]?.string == "shop/\(name)" }, "\(result.errorText)")
        }

        @Test("recorded is told again as it was, byte for byte")
        func recorded() async throws {
            try await withTemporaryDirectory { folder in
                let bundle = folder + "/run.bundle"
                let live = try await plugin.run(["flows", "--window", "1s", "--record", bundle, "-o", "json"])
                let again = try await plugin.run(["flows", "--from", bundle, "-o", "json"])
                #expect(live.status == .exited(0), "\(live.errorText)")
                #expect(again.output == live.output)
                #expect(again.errorOutput == live.errorOutput)
            }
        }

        /// Runs `flows` over a window, within which something happens.
        private func window(
            _ seconds: Int,
            _ arguments: [String],
            _ happens: @Sendable () async throws -> Void
        ) async throws -> CommandResult {
            async let running = plugin.run(["flows", "--window", "\(seconds)s"] + arguments)
            #expect(try await plugin.collectors(2))
            // The first listings take less.
            try await Task.sleep(for: .seconds(3))
            try await happens()
            return try await running
        }
    }
}
