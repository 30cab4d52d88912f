import KubernetesAPI
import Testing

@Suite("A role that is missing")
struct AccessRefusalTests {
    @Test("is read from the message, with the rule to ask for")
    func rule() throws {
        let refusal = try #require(
            AccessRefusal(
                #"jobs.batch "x" is forbidden: User "dev@example.com" cannot delete resource "jobs" in API group "batch" in the namespace "shop": RBAC: role "r" not found"#
            ))
        #expect(refusal.user == "dev@example.com")
        #expect(refusal.verb == "delete")
        #expect(refusal.subject == .resource(group: "batch", resource: "jobs", namespace: "shop"))
        #expect(
            refusal.summary
                == #"The user dev@example.com may not delete jobs in the namespace shop. The authorizer adds: RBAC: role "r" not found"#
        )
        #expect(
            refusal.remedy
                == "Ask for a Role in the namespace shop with this rule:\n    - apiGroups: [\"batch\"]\n      resources: [\"jobs\"]\n      verbs: [\"delete\"]"
        )
    }

    @Test("for exec wants both verbs")
    func exec() throws {
        let refusal = try #require(
            AccessRefusal(
                #"pods "p" is forbidden: User "u" cannot get resource "pods/exec" in API group "" in the namespace "n""#
            ))
        #expect(refusal.rule == .exec(in: "n"))
        #expect(refusal.rule.verbs == ["get", "create"])
    }

    @Test("for acting as somebody else wants the verb impersonate on what one would be")
    func impersonation() throws {
        let groups = try #require(
            AccessRefusal(
                #"groups "dev" is forbidden: User "u" cannot impersonate resource "groups" in API group "" at the cluster scope"#
            ))
        #expect(groups.isImpersonation)
        #expect(groups.rule.yaml == [#"- apiGroups: [""]"#, #"  resources: ["groups"]"#, #"  verbs: ["impersonate"]"#])
    }

    @Test("has names as they are, without escapes for markup or in quotes, and prints them safely")
    func escapes() throws {
        let message =
            #"nodes is forbidden: User "a&lt;b&gt;&amp;lt; \"q\" \u00e4\x1b[31m" cannot list resource "nodes" in API group "" at the cluster scope"#
        let refusal = try #require(AccessRefusal(message))
        #expect(refusal.user == "a<b>&lt; \"q\" ä\u{1B}[31m")
        #expect(refusal.summary == "The user a<b>&lt; \"q\" ä^[[31m may not list nodes in the whole cluster.")
    }

    @Test(
        "is not what other messages tell",
        arguments: [
            "", "Unauthorized", #"pods "x" is forbidden: violates PodSecurity "baseline:latest": privileged"#,
            #"pods "bb1" is forbidden: "#, #"forbidden: User "unfinished"#, #"forbidden: User "u" cannot list"#,
            #"forbidden: User "u" cannot list resource pods"#, #"forbidden: User "u\"#,
            #"forbidden: User "\u12" cannot x "#,
        ])
    func other(message: String) {
        #expect(AccessRefusal(message) == nil)
    }
}
