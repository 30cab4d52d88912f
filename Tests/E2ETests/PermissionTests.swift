import TestSupport
import Testing

extension RealCluster {
    @Suite("The roles in plugin/rbac", .enabled(if: ClusterUnderTest.isOurs))
    struct PermissionTests {
        @Test("are enough for a run, and each of their required verbs is missed by name")
        func enoughAndNothingToSpare() async throws {
            let lab = try Lab()
            do {
                try await apply(in: lab)
                try await expectEnough(in: lab)
                for need in Self.needs { try await expectMissed(need, in: lab) }
            } catch {
                try await remove(from: lab)
                throw error
            }
            try await remove(from: lab)
        }

        /// A verb without which there is no run.
        private struct Need {
            let verb: String
            let resource: String
            let isNamespaced: Bool

            /// As the command says it.
            var description: String {
                "\(verb) \(resource) in \(isNamespaced ? "the namespace netviz" : "the whole cluster")"
            }
        }

        private static let needs =
            [
                ("create", "pods"), ("delete", "pods"), ("list", "pods"), ("watch", "pods"), ("get", "pods/exec"),
                ("create", "pods/exec"),
            ].map { Need(verb: $0, resource: $1, isNamespaced: true) }
            + [("list", "nodes"), ("list", "pods")].map { Need(verb: $0, resource: $1, isNamespaced: false) }

        private func apply(in lab: Lab) async throws {
            for name in ["collector-namespace", "cluster-reader"] {
                try await lab.cluster.kubectl("apply", "--filename", Repository.path("plugin/rbac/\(name).yaml"))
            }
            let bindings = try readText(Repository.path("plugin/rbac/bindings.yaml"))
            let subject = "kind: Group, name: netviz-users"
            let parts = bindings.split(separator: subject, omittingEmptySubsequences: false)
            #expect(parts.count == 3)
            try await lab.cluster.kubectl(
                "apply", "--filename", "-", input: parts.joined(separator: "kind: User, name: nobody"))
            try await isAllowed(Need(verb: "create", resource: "pods", isNamespaced: true), "yes", in: lab)
        }

        private func remove(from lab: Lab) async throws {
            for name in ["bindings", "cluster-reader", "collector-namespace"] {
                try await lab.cluster.kubectl(
                    "delete", "--ignore-not-found", "--filename", Repository.path("plugin/rbac/\(name).yaml"))
            }
        }

        private func expectEnough(in lab: Lab) async throws {
            let result = try await lab.netviz(["flows", "--window", "1s", "-o", "json"], as: .named("nobody"))

            #expect(result.status == .exited(0), "\(result.errorText)")
            #expect(!result.errorText.contains("warning"), "\(result.errorText)")
            #expect(try Flows(result).covered == [lab.nodes[0]: true, lab.nodes[1]: true])
            let doctor = try await lab.netviz(["doctor", "-o", "json"], as: .named("nobody"))
            let checks = try JSONValue(parsing: doctor.output)["checks"]?.array ?? []
            let permissions = checks.first { $0["subject"] == "permissions" }
            #expect(permissions?["message"] == "all that a run asks for")
            let namespace = checks.first { $0["subject"] == "namespace" }
            #expect(namespace?["message"] == "collectors' pods are created in netviz")
        }

        private func expectMissed(_ need: Need, in lab: Lab) async throws {
            let role =
                need.isNamespaced
                ? ["role/netviz-collector", "--namespace", "netviz"] : ["clusterrole/netviz-cluster-reader"]
            let path = try await path(of: need, in: role, of: lab)
            try await patch(role, #"[{"op": "remove", "path": "\#(path)"}]"#, of: lab)
            // The pods of one namespace may be listed by whoever may list all.
            let isCovered = need.isNamespaced && need.resource == "pods" && ["list", "watch"].contains(need.verb)
            try await isAllowed(need, isCovered ? "yes" : "no", in: lab)

            let result = try await lab.netviz(["flows", "--window", "1s"], as: .named("nobody"))

            if isCovered {
                #expect(result.status == .exited(0), "\(need.description): \(result.errorText)")
            } else {
                #expect(result.status == .exited(5), "\(need.description): \(result.errorText)")
                let lines = result.errorText.split(separator: "\n").filter { $0.hasPrefix("  ") }
                #expect(lines == ["  \(need.description)"])
            }
            try await patch(role, #"[{"op": "add", "path": "\#(path)", "value": "\#(need.verb)"}]"#, of: lab)
            try await isAllowed(need, "yes", in: lab)
        }

        /// Where in a role the verb stands, as a JSON pointer.
        private func path(of need: Need, in role: [String], of lab: Lab) async throws -> String {
            let text = try await runSuccessfully(
                "kubectl", ["--kubeconfig", lab.cluster.kubeconfig, "get"] + role + ["--output", "json"])
            let rules = try JSONValue(parsing: text)["rules"]?.array ?? []
            for (number, rule) in rules.enumerated() {
                guard rule["resources"] == [.string(need.resource)],
                    let position = rule["verbs"]?.array?.firstIndex(of: .string(need.verb))
                else { continue }
                return "/rules/\(number)/verbs/\(position)"
            }
            throw Unexpected("no rule grants only \(need.description)")
        }

        private func patch(_ role: [String], _ change: String, of lab: Lab) async throws {
            _ = try await runSuccessfully(
                "kubectl",
                ["--kubeconfig", lab.cluster.kubeconfig, "patch"] + role + ["--type", "json", "--patch", change])
        }

        /// Waits until the API server has heard of it.
        private func isAllowed(_ need: Need, _ answer: String, in lab: Lab) async throws {
            let scope = need.isNamespaced ? ["--namespace", "netviz"] : ["--all-namespaces"]
            try await eventually("\(need.description): \(answer)", within: .seconds(10)) {
                // What follows a slash would be an object's name.
                let words = need.resource.split(separator: "/").map(String.init)
                let subresource = words.dropFirst().flatMap { ["--subresource", $0] }
                let arguments = ["auth", "can-i", need.verb, words[0]] + subresource + scope
                let result = try await run("kubectl", arguments, environment: lab.environment(of: .named("nobody")))
                let said = result.outputText.split(separator: "\n").last.map(String.init)
                return said == answer ? nil : said ?? result.errorText
            }
        }
    }
}
