import Inventory
import NetModel
import Testing

@Suite("A recorded cluster of two nodes")
struct TwoNodeClusterTests {
    let reader: InventoryReader
    let inventory: Inventory

    init() throws {
        reader = try twoNodeCluster()
        inventory = Inventory(reader.objects)
    }

    @Test("All of its objects are read")
    func objects() {
        #expect(reader.problems == [])
        #expect(reader.objects.count == 2 + 4 + 2 + 2 + 2 + 2 + 5)
        #expect(inventory.nodeNames == ["tbn1", "tbn2"])
        #expect(inventory.namespaces == ["default", "kube-node-lease", "kube-public", "kube-system", "shop"])
    }

    @Test(
        "Its pods, nodes and API server are known",
        arguments: [
            ("10.244.1.2", 8080, "pod shop/frontend-66fd4dcf56-v2hmn shop/frontend Deployment tbn1"),
            ("10.244.1.3", 8080, "pod shop/backend-d5766b845-2pgmk shop/backend Deployment tbn1"),
            ("10.244.2.2", 8080, "pod shop/frontend-66fd4dcf56-dmgl5 shop/frontend Deployment tbn2"),
            ("10.244.2.3", 8080, "pod shop/backend-d5766b845-hjbmr shop/backend Deployment tbn2"),
            ("10.99.0.11", 10250, "node - - - tbn1"), ("10.99.0.12", 10250, "node - - - tbn2"),
            ("10.99.0.1", 6443, "service - - - -"), ("1.1.1.1", 443, "external - - - -"),
            // The nodes' podCIDRs are not the networks that its pods live in.
            ("10.244.1.1", 53, "unknown - - - -"), ("224.0.0.22", 0, "unknown - - - -"),
        ] as [(String, UInt16, String)])
    func identities(text: String, port: UInt16, expected: String) throws {
        let identity = try inventory.server(text, port)
        let parts = [identity.pod, identity.workload, identity.workloadKind, identity.node].map { $0 ?? "-" }
        #expect(([identity.kind.rawValue] + parts).joined(separator: " ") == expected)
    }

    @Test("Its services are known, dialled and behind")
    func services() throws {
        #expect(
            inventory.service(dialled: try address("10.96.61.76"), port: 80, transport: .tcp)?.description
                == "shop/backend:http"
        )
        #expect(
            inventory.service(backedBy: try address("10.244.2.3"), port: 8080, transport: .tcp)?.description
                == "shop/backend:http"
        )
        #expect(
            inventory.service(backedBy: try address("10.99.0.1"), port: 6443, transport: .tcp)?.description
                == "default/kubernetes:https"
        )
        #expect(inventory.isDeclared(try address("10.244.1.3"), port: 8080, transport: .tcp))
        #expect(!inventory.isDeclared(try address("10.244.1.2"), port: 8080, transport: .tcp))
    }

    @Test(
        "One file with all objects, its keys shuffled or sorted, gives the same",
        arguments: ["shuffled-keys.json", "sorted-typed-lists.json"]
    )
    func otherOrders(name: String) throws {
        var other = InventoryReader()
        other.read(name, bytes: try testFile("Corpus/Inventory/\(name)"))
        #expect(other.problems == [])
        #expect(other.objects.count == reader.objects.count)
        let same = Inventory(other.objects)
        for pod in inventory.pods {
            for address in pod.addresses {
                #expect(
                    same.identity(of: address, port: 8080, transport: .tcp, during: nil)
                        == inventory.identity(of: address, port: 8080, transport: .tcp, during: nil)
                )
            }
        }
        #expect(try same.server("10.99.0.1", 6443) == inventory.server("10.99.0.1", 6443))
        #expect(try same.server("10.99.0.11", 10250) == inventory.server("10.99.0.11", 10250))
    }
}
