import CollectorPods
import FlowGraph
import HTTPTransport
import JSONText
import Kubeconfig
import KubernetesAPI
import KubernetesClient
import TerminalText

/// What `doctor` found out, one thing after another.
struct Examination: Sendable {
    /// How good something is.
    enum Verdict: String, Sendable {
        case fine = "ok"
        /// A run works, and lacks something.
        case lacking = "warning"
        /// No run works.
        case failed
    }

    /// One thing that was looked at.
    struct Finding: Sendable {
        var subject: String
        var verdict: Verdict
        var text: String
        var remedy: String?
    }

    private(set) var findings: [Finding] = []

    /// Whether no run would work.
    var isHopeless: Bool { findings.contains { $0.verdict == .failed } }

    mutating func add(_ subject: String, _ verdict: Verdict, _ text: String, remedy: String? = nil) {
        findings.append(Finding(subject: subject, verdict: verdict, text: text, remedy: remedy))
    }

    mutating func add(_ subject: String, _ error: NetvizError) {
        add(subject, .failed, error.message, remedy: error.remedy)
    }

    /// Looks at everything, as far as one thing does not stand in the way of the next.
    static func run(_ plan: ClusterPlan, in context: CommandContext) async -> Examination {
        var examination = Examination()
        let client: ClusterClient
        do throws(NetvizError) {
            client = try ClusterConnection.open(plan.overrides, in: context)
        } catch {
            examination.add("kubeconfig", error)
            return examination
        }
        examination.add("kubeconfig", .fine, "\(client.access)")
        guard await examination.examineServer(client) else { return examination }
        await examination.examineIdentity(client)
        let namespace: String
        do throws(NetvizError) {
            namespace = try await CollectorNamespace.choose(
                plan.namespace, client: client, environment: context.configuration().environment)
        } catch {
            examination.add("namespace", error)
            return examination
        }
        examination.add("namespace", .fine, "collectors' pods are created in \(namespace)")
        await examination.examinePermissions(namespace, client)
        await examination.examineNodes(plan, namespace, client, in: context)
        return examination
    }

    private mutating func examineServer(_ client: ClusterClient) async -> Bool {
        do throws(ClusterError) {
            let answer = try await client.document(APICall(.get, "/version"))
            guard let version = ServerVersion(answer) else {
                add("server", .lacking, "\(client.place) answers, and does not tell its version")
                return true
            }
            let note = version.isTooOld ? ", older than those that are looked after" : ""
            add("server", version.isTooOld ? .lacking : .fine, "\(client.place) is Kubernetes \(version)\(note)")
            return true
        } catch {
            // Whoever may not ask for the version may still ask for everything else.
            guard error.status == 403 else {
                add("server", NetvizError(error))
                return false
            }
            add("server", .fine, "\(client.place) answers")
            return true
        }
    }

    private mutating func examineIdentity(_ client: ClusterClient) async {
        do throws(ClusterError) {
            let answer = try await client.document(
                APICall(.post, SelfSubjectReview.path, body: SelfSubjectReview.body))
            guard let user = SelfSubjectReview.User(answer) else { return }
            let groups = user.groups.isEmpty ? "" : ", in the groups \(user.groups.joined(separator: ", "))"
            add("identity", .fine, "\(user.name)\(groups)")
        } catch {
            // Servers before 1.28 cannot be asked.
            guard error.status == 404 || error.status == 403 else { return add("identity", NetvizError(error)) }
            let user = client.access.impersonation?.user ?? client.access.userName
            add("identity", .fine, user ?? "as the kubeconfig says")
        }
    }

    private mutating func examinePermissions(_ namespace: String, _ client: ClusterClient) async {
        do throws(ClusterError) {
            guard let missing = try await Preflight.missing(namespace: namespace, by: client) else {
                return add("permissions", .lacking, "the API server does not tell them")
            }
            guard !missing.isEmpty else { return add("permissions", .fine, "all that a run asks for") }
            let isRequired = missing.contains(where: \.isRequired)
            add(
                "permissions",
                isRequired ? .failed : .lacking,
                "missing: "
                    + missing.map { $0.description + ($0.isRequired ? "" : " (a run works without)") }
                    .joined(separator: "; "),
                remedy: "Ask for the roles in plugin/rbac."
            )
        } catch {
            add("permissions", NetvizError(error))
        }
    }

    private mutating func examineNodes(
        _ plan: ClusterPlan,
        _ namespace: String,
        _ client: ClusterClient,
        in context: CommandContext
    ) async {
        let inventory = ClusterInventory(client, pageSize: plan.chunkSize, clock: context.clock)
        do throws(ClusterError) {
            try await inventory.list([InventoryResource.nodes, InventoryResource.pods])
        } catch {
            return add("nodes", NetvizError(error))
        }
        let choice = CollectorChoice(
            nodes: await inventory.nodes,
            proxies: await inventory.proxyPods,
            image: plan.image,
            selector: plan.nodeSelector
        )
        let total = choice.targets.count + choice.skipped.count
        let verdict: Verdict = choice.targets.isEmpty ? .failed : choice.skipped.isEmpty ? .fine : .lacking
        add("nodes", verdict, "\(choice.targets.count) of \(total) nodes can be looked at")
        for skipped in choice.skipped { add("node \(skipped.node)", .lacking, skipped.reason) }
        guard let first = choice.targets.first else { return }
        let images = Set(choice.targets.map(\.image)).sorted()
        let source = plan.image == nil ? ", which kube-proxy runs there already" : ""
        add("image", .fine, images.joined(separator: ", ") + source)
        await examineAdmission(of: first, plan, namespace, client, in: context)
    }

    /// Asks for a pod without making one.
    private mutating func examineAdmission(
        of target: CollectorTarget,
        _ plan: ClusterPlan,
        _ namespace: String,
        _ client: ClusterClient,
        in context: CommandContext
    ) async {
        let options = CollectorOptions(
            namespace: namespace, pullPolicy: plan.pullPolicy, pullSecrets: plan.pullSecrets,
            isPrivileged: plan.isPrivileged, deadline: 600)
        var random = SystemRandomNumberGenerator()
        let run = CollectorRun(
            RunIdentity(using: &random), on: client, options: options,
            expires: RFC3339.string(nanoseconds: context.clock()), clock: { .zero }, tell: context.tell,
            progress: { _ in })
        do throws(ClusterError) {
            try await run.rehearse(target)
            add("admission", .fine, "the API server takes such a pod in \(namespace)")
        } catch {
            add("admission", NetvizError(error))
        }
    }
}

// MARK: As text

extension Examination {
    /// A line for each thing, what helps below it.
    var table: String {
        let width = findings.map(\.subject.count).max() ?? 0
        var text = ""
        for finding in findings {
            let name = PrintableText.escaped(finding.subject)
            let space = String(repeating: " ", count: max(0, width - name.count))
            let lines = PrintableText.escapedLines(finding.text).split(separator: "\n")
            let verdict = finding.verdict.rawValue + String(repeating: " ", count: 7 - finding.verdict.rawValue.count)
            let indent = String(repeating: " ", count: width + 11)
            text += "\(name)\(space)  \(verdict)  " + lines.joined(separator: "\n\(indent)") + "\n"
            guard let remedy = finding.remedy else { continue }
            for line in PrintableText.escapedLines(remedy).split(separator: "\n") { text += "\(indent)\(line)\n" }
        }
        return text
    }

    /// `{"apiVersion": "netviz.dev/v1", "kind": "Examination", …}`.
    var document: String {
        let checks: [JSONTree] = findings.map { finding in
            var members: [JSONTree.Member] = [
                .init("subject", .string(finding.subject)),
                .init("verdict", .string(finding.verdict.rawValue)),
                .init("message", .string(finding.text)),
            ]
            if let remedy = finding.remedy { members.append(.init("remedy", .string(remedy))) }
            return .object(members)
        }
        let tree: JSONTree = [
            "apiVersion": "netviz.dev/v1", "kind": "Examination", "works": .boolean(!isHopeless),
            "checks": .array(checks),
        ]
        return tree.text(.pretty)
    }
}
