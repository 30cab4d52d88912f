import TerminalText

/// A rule of a Role or ClusterRole (rbac.authorization.k8s.io/v1).
package struct AccessRule: Hashable, Sendable {
    package enum Scope: Hashable, Sendable {
        case namespace(String)
        case cluster
    }

    package enum Subject: Hashable, Sendable {
        /// - resource: as roles name it, `pods/exec`.
        case resource(group: String, resource: String)
        /// A path that is no resource, as `/metrics`.
        case path(String)
    }

    package let verbs: [String]
    package let subject: Subject
    package let scope: Scope

    package init(verbs: [String], subject: Subject, scope: Scope) {
        self.verbs = verbs
        self.subject = subject
        self.scope = scope
    }

    /// What can run an exec in a namespace: API servers since 1.35 ask for both verbs, older ones for `get` only, and
    /// kubectl makes do with `create` because it falls back to another protocol.
    package static func exec(in namespace: String) -> AccessRule {
        AccessRule(
            verbs: ["get", "create"],
            subject: .resource(group: "", resource: "pods/exec"),
            scope: .namespace(namespace)
        )
    }

    /// What to ask for, in words and as the YAML of the rule.
    package var remedy: String {
        let role =
            switch scope {
            case .namespace(let name): "a Role in the namespace \(PrintableText.escaped(name))"
            case .cluster: "a ClusterRole"
            }
        return "Ask for \(role) with this rule:\n" + yaml.map { "    \($0)" }.joined(separator: "\n")
    }

    /// The lines of an entry of `rules`.
    package var yaml: [String] {
        switch subject {
        case .resource(let group, let resource):
            [
                "- apiGroups: [\(Self.quoted(group))]", "  resources: [\(Self.quoted(resource))]",
                "  verbs: [\(verbs.map(Self.quoted).joined(separator: ", "))]",
            ]
        case .path(let path):
            [
                "- nonResourceURLs: [\(Self.quoted(path))]",
                "  verbs: [\(verbs.map(Self.quoted).joined(separator: ", "))]",
            ]
        }
    }

    /// As a YAML string.
    private static func quoted(_ text: String) -> String {
        let text = PrintableText.escaped(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(text)\""
    }
}
