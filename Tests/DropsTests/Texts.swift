import Drops
import FirewallRules
import NetModel
import TestSupport
import Testing

/// The rules of a text of `iptables-save -c`.
func saved(
    _ text: String, filter: PacketFilter = .iptablesNFT, family: RuleFamily = .ipv4
) -> Ruleset {
    let ruleset = Ruleset(reading: Array(text.utf8).span, form: .iptablesSave, filter: filter, family: family)
    #expect(ruleset.problems == [])
    return ruleset
}

/// The rules of a table filter with FORWARD as its base chain, from lines of `iptables-save -c`.
func forwarding(_ rules: String, filter: PacketFilter = .iptablesNFT, family: RuleFamily = .ipv4) -> Ruleset {
    table("filter", base: "FORWARD", rules, filter: filter, family: family)
}

/// A table of iptables whose chains are declared as the rules need them.
func table(
    _ name: String, base: String, _ rules: String, filter: PacketFilter = .iptablesNFT, family: RuleFamily = .ipv4
) -> Ruleset {
    let lines = rules.split(separator: "\n")
    var chains = [":\(base) ACCEPT [0:0]"]
    for line in lines {
        let words = line.split(separator: " ")
        if let option = words.firstIndex(of: "-A"), words[option + 1] != base {
            let chain = ":\(words[option + 1]) - [0:0]"
            if !chains.contains(chain) { chains.append(chain) }
        }
    }
    return saved(
        (["*\(name)"] + chains + lines.map(String.init) + ["COMMIT", ""]).joined(separator: "\n"), filter: filter,
        family: family)
}

/// The rules of a file of `Rulesets`, which nft printed.
func nft(_ file: String) throws -> Ruleset {
    let bytes = try readFile(Repository.path("Tests/DropsTests/Rulesets/\(file).nft.json"))
    let ruleset = Ruleset(reading: bytes.span, form: .nftJSON)
    #expect(ruleset.problems == [])
    return ruleset
}

/// What a node of these rules drops, read once.
func drops(_ rulesets: Ruleset..., pods: PodInterfaces = PodInterfaces(), node: String = "node-a") -> NodeDrops {
    var rules = NodeRules(name: node, isNode: true)
    for ruleset in rulesets { rules.add(ruleset, moment: .only) }
    return rules.drops(pods: pods)
}

/// What a node drops whose rules were read at both ends of a window.
func drops(begin: Ruleset, end: Ruleset, node: String = "node-a") -> NodeDrops {
    var rules = NodeRules(name: node, isNode: true)
    rules.add(begin, moment: .begin)
    rules.add(end, moment: .end)
    return rules.drops()
}

extension NodeDrops {
    /// The drops of one chain.
    func of(_ chain: String) -> [NodeDrop] { drops.filter { $0.point.chain == chain } }

    /// Who wrote what drops in a chain, in order.
    func attributions(_ chain: String) -> [Attribution] { of(chain).map(\.point.attribution) }
}

func counters(_ packets: UInt64, _ bytes: UInt64) -> Counters { Counters(packets: packets, bytes: bytes) }

func service(_ namespace: String, _ name: String, _ port: String?) -> Attribution.Subject {
    Attribution.Subject(kind: "Service", namespace: namespace, name: name, port: port)
}
