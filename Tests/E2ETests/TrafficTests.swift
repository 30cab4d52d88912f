import TestSupport
import Testing

extension RealCluster {
    @Suite("Connections within a window", .enabled(if: ClusterUnderTest.isOurs))
    struct TrafficTests {
        @Test("are each shown once, with both ends, the Service and the exact bytes")
        func everyKindOfConnection() async throws {
            let lab = try Lab()
            let shop = try await Shop(lab)
            let service = "$BACKEND_SERVICE_HOST"
            let (near, far) = (shop.frontends[0], shop.frontends[1])

            let (result, printed) = try await lab.netviz([
                "flows", "--namespace", "shop", "--group-by", "connection", "--window", "6s", "--output", "json",
            ]) {
                try await lab.windowsBegan()
                async let fromNear = shop.exchange(
                    [
                        "page \(service):80 20001", "page \(service):80 20002",
                        "page \(shop.backends[1].address):8080 20003",
                        "page \(lab.addresses[1]):30080 20004",
                        "page \(lab.outside.address):80 20005",
                        "echo_packet \(service):7007 20006",
                    ], in: near)
                async let fromFar = shop.exchange(
                    ["page \(service):80 20011", "page \(shop.backends[1].address):8080 20012"], in: far)
                async let fromOutside = shop.exchangeFromOutside(["page \(lab.addresses[1]):30080 20021"])
                return try await (fromNear, fromFar, fromOutside)
            }

            // What the clients themselves say came.
            #expect(printed.0.last == "12345")
            #expect(printed.0.count == 6)
            #expect(printed.1 == ["1204", "1204"])
            #expect(printed.2 == ["1204"])
            #expect(result.status == .exited(0), "\(result.errorText)")
            let flows = try Flows(result)
            #expect(flows.covered == [lab.nodes[0]: true, lab.nodes[1]: true])
            let ports = [20001, 20002, 20003, 20004, 20005, 20006, 20011, 20012, 20021]
            for port in ports { #expect(flows.from(port: port).count == 1, "from port \(port)") }
            // What other tests closed before may be forgotten by the kernel within this window.
            let seen = flows.items.compactMap { $0["source_port"]?.integer }.filter { (20000..<21000).contains($0) }
            #expect(seen.sorted() == ports)

            for port in [20001, 20002, 20011] {
                let flow = try #require(flows.from(port: port).first)
                #expect(flow["service"] == "shop/backend:http")
                #expect(flow["dest_port"] == 8080)
                #expect(flow["dest_workload"] == "shop/backend")
                #expect(flow["outcome"] == "closed")
            }
            let direct = try #require(flows.from(port: 20003).first)
            #expect(direct["source_pod"]?.string == near.fullName)
            #expect(direct["dest_pod"]?.string == shop.backends[1].fullName)
            #expect(direct["service"] == nil)
            #expect(direct["nodes"] == .array(lab.nodes.map { .string($0) }))
            expectPage(direct)

            // Behind the node's own address the client is still the pod.
            let byNode = try #require(flows.from(port: 20004).first)
            #expect(byNode["source_pod"]?.string == near.fullName)
            #expect(byNode["service"] == "shop/storefront:http")
            #expect(byNode["dest_workload"] == "shop/backend")
            #expect(byNode["snat"]?.string?.isEmpty == false)
            expectPage(byNode)

            let out = try #require(flows.from(port: 20005).first)
            #expect(out["source_pod"]?.string == near.fullName)
            #expect(out["dest_kind"] == "external")
            #expect(out["dest_ip"]?.string == lab.outside.address)
            #expect(out["direction"] == "egress")

            let packet = try #require(flows.from(port: 20006).first)
            #expect(packet["protocol"] == "UDP")
            #expect(packet["service"] == "shop/backend:echo")
            #expect(packet["bytes_sent"] == 33)
            #expect(packet["bytes_received"] == 33)
            #expect(packet["packets_sent"] == 1)

            // Nobody who counts bytes saw it.
            let uncounted = try #require(flows.from(port: 20012).first)
            #expect(uncounted["source_pod"]?.string == far.fullName)
            #expect(uncounted["dest_pod"]?.string == shop.backends[1].fullName)
            #expect(uncounted["bytes_sent"] == nil)
            #expect(uncounted["connection_count"] == 1)

            let inward = try #require(flows.from(port: 20021).first)
            #expect(inward["source_kind"] == "external")
            #expect(inward["source_ip"]?.string == lab.outside.address)
            #expect(inward["service"] == "shop/storefront:http")
            #expect(inward["dest_workload"] == "shop/backend")
            #expect(inward["direction"] == "ingress")
            try await lab.expectNothingIsLeft(within: .seconds(15))
        }

        /// The bytes of a page's connection follow from its payload and its packets: 52 of headers each, and 8 of options
        /// more with SYN.
        private func expectPage(_ flow: JSONValue) {
            for (side, payload) in [("sent", Shop.requestSize), ("received", Shop.answerSize)] {
                let bytes = flow["bytes_\(side)"]?.integer
                let packets = flow["packets_\(side)"]?.integer
                #expect(
                    bytes == packets.map { payload + 52 * $0 + 8 }, "\(side) on port \(flow["source_port"] ?? .null)")
            }
        }

        @Test("are summed by workload, exactly as many as there were")
        func byWorkload() async throws {
            let lab = try Lab()
            let shop = try await Shop(lab)
            let pages = (0..<12).map { "page $BACKEND_SERVICE_HOST:80 \(21000 + $0)" }

            let (result, _) = try await lab.netviz([
                "flows", "--from-workload", "shop/frontend", "--protocol", "tcp", "--to-service", "shop/backend",
                "--window", "6s", "--output", "json",
            ]) {
                try await lab.windowsBegan()
                async let near = shop.exchange(pages, in: shop.frontends[0])
                async let far = shop.exchange(pages, in: shop.frontends[1])
                let printed = try await near + far
                guard printed == Array(repeating: "1204", count: 24) else { throw Unexpected("pages: \(printed)") }
            }

            let flows = try Flows(result)
            #expect(flows.items.count == 1)
            let flow = try #require(flows.items.first)
            #expect(flow["source_workload"] == "shop/frontend")
            #expect(flow["source_workload_kind"] == "Deployment")
            #expect(flow["dest_workload"] == "shop/backend")
            #expect(flow["service"] == "shop/backend:http")
            #expect(flow["new_connections"] == 24)
            #expect(flow["failed_connections"] == 0)
        }

        @Test("are named by pods that began and that ended within it")
        func scaledWithinTheWindow() async throws {
            let lab = try Lab()
            let shop = try await Shop(lab)
            let target = shop.backends[0].address

            let (result, pods) = try await lab.netviz([
                "flows", "--from-workload", "shop/frontend", "--group-by", "pod", "--window", "12s", "--output", "json",
            ]) {
                try await lab.windowsBegan()
                let gone = shop.frontends[0]
                _ = try await shop.exchange(["page \(target):8080 22001"], in: gone)
                // By force the object is gone at once: at the window's end nothing tells its name any more.
                try await lab.cluster.kubectl(
                    "delete", "pod", gone.name, "--namespace", "shop", "--force", "--grace-period", "0")
                try await scaleFrontend(to: 3, in: lab)
                let new = try await Shop.all("frontend", lab).filter { $0.name != shop.frontends[1].name }
                for pod in new { _ = try await shop.exchange(["page \(target):8080 22002"], in: pod) }
                return [gone] + new
            }
            try await scaleFrontend(to: 2, in: lab)

            let flows = try Flows(result)
            let named = Set(flows.items.compactMap { $0["source_pod"]?.string })
            #expect(named == Set(pods.map(\.fullName)))
            #expect(pods.count == 3)
        }

        private func scaleFrontend(to count: Int, in lab: Lab) async throws {
            try await lab.cluster.kubectl(
                "scale", "--namespace", "shop", "deployment/frontend", "--replicas", String(count))
            try await lab.cluster.kubectl(
                "rollout", "status", "--namespace", "shop", "deployment/frontend", "--timeout", "30s")
        }
    }
}
