import FirewallRules
import NetModel
import Testing

@Suite("Statements of a rule of nft")
struct NFTStatementTests {
    private static let port =
        #"{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 80}}"#
    private static let counter = #"{"counter": {"packets": 1, "bytes": 2}}"#
    private static let drop = #"{"drop": null}"#

    private func match(_ left: String, _ op: String, _ right: String, family: String = "ip") throws -> Rule {
        try nftRule(
            #"{"match": {"op": "\#(op)", "left": \#(left), "right": \#(right)}}, \#(Self.drop)"#, family: family)
    }

    private func payload(_ header: String, _ field: String) -> String {
        #"{"payload": {"protocol": "\#(header)", "field": "\#(field)"}}"#
    }

    @Test("addresses: one, a prefix, a range, several")
    func addresses() throws {
        let source = payload("ip", "saddr")
        #expect(try match(source, "==", #""10.0.0.1""#).match.source?.words == "10.0.0.1/32")
        let prefix = try match(source, "!=", #"{"prefix": {"addr": "10.0.0.0", "len": 8}}"#)
        #expect(prefix.match.source?.words == "!10.0.0.0/8")
        #expect(prefix.text == "ip saddr != 10.0.0.0/8 drop")
        let range = try match(source, "==", #"{"range": ["10.0.0.0", "10.0.0.2"]}"#)
        #expect(range.match.source?.words == "10.0.0.0/31,10.0.0.2/32")
        #expect(range.text == "ip saddr 10.0.0.0-10.0.0.2 drop")
        let several = try match(
            payload("ip6", "daddr"), "==", #"{"set": ["fe80::1", {"prefix": {"addr": "2001:db8::", "len": 32}}]}"#,
            family: "ip6")
        #expect(several.match.destination?.words == "fe80::1/128,2001:db8::/32")
        #expect(several.text == "ip6 daddr { fe80::1, 2001:db8::/32 } drop")
        #expect(try match(source, "==", #"{"prefix": {"addr": "10.0.0.0", "len": 33}}"#).match.source == nil)
        let masked = try match(#"{"&": [\#(source), "255.0.255.0"]}"#, "==", #""10.0.0.0""#)
        #expect(masked.match.others == ["ip saddr & 255.0.255.0 == 10.0.0.0"])
    }

    @Test("where a table sees both families, an address that must not be tells the family by the other address")
    func families() throws {
        let negated = try match(payload("ip", "saddr"), "!=", #""10.0.0.1""#, family: "inet")
        #expect(negated.match.source?.words == "!10.0.0.1/32")
        #expect(negated.match.destination?.words == "0.0.0.0/0")
        #expect(try match(payload("ip", "saddr"), "==", #""10.0.0.1""#, family: "inet").match.destination == nil)
        #expect(try match(payload("ip", "saddr"), "!=", #""10.0.0.1""#).match.destination == nil)
        let family = try match(#"{"meta": {"key": "nfproto"}}"#, "==", #""ipv6""#, family: "inet")
        #expect(family.match.destination?.words == "::/0")
        #expect(family.match.others == [])
    }

    @Test("ports: one, a range, several, above or below; their header is of a protocol")
    func ports() throws {
        let list = try match(payload("tcp", "dport"), "==", #"{"set": [80, 443, {"range": [1000, 2000]}]}"#)
        #expect(list.match.transport?.words == "TCP")
        #expect(list.match.destinationPorts?.words == "80,443,1000-2000")
        #expect(list.text == "tcp dport { 80, 443, 1000-2000 } drop")
        #expect(try match(payload("udp", "sport"), "!=", "53").match.sourcePorts?.words == "!53")
        let above = try match(payload("th", "dport"), ">", "1024")
        #expect(above.match.destinationPorts?.words == "1025-65535")
        #expect(above.match.transport == nil)
        #expect(above.text == "th dport > 1024 drop")
        #expect(try match(payload("th", "dport"), ">", "65535").match.others == ["th dport > 65535"])
        #expect(try match(payload("th", "dport"), "==", "65536").match.others == ["th dport 65536"])
        #expect(try match(payload("sctp", "dport"), "<=", "7").match.destinationPorts?.words == "0-7")
    }

    @Test("protocols, states and interfaces")
    func others() throws {
        let protocols = try match(#"{"meta": {"key": "l4proto"}}"#, "==", #"{"set": ["tcp", "udp", 132]}"#)
        #expect(protocols.match.transport?.words == "TCP,UDP,SCTP")
        #expect(try match(#"{"meta": "l4proto"}"#, "==", #""ipv6-icmp""#).match.transport?.words == "ICMPv6")
        #expect(try match(payload("ip", "protocol"), "!=", #""tcp""#).match.transport?.words == "!TCP")
        let states = try match(#"{"ct": {"key": "state"}}"#, "in", #"["established", "related"]"#)
        #expect(states.match.states == [.established, .related])
        #expect(states.text == "ct state established,related drop")
        let no = try match(#"{"ct": {"key": "state"}}"#, "!=", #""invalid""#)
        #expect(no.match.states == .invalid)
        #expect(no.match.statesAreNegated)
        #expect(try match(#"{"ct": {"key": "status"}}"#, "in", #""dnat""#).match.states == .dnat)
        let interface = try match(#"{"meta": {"key": "iifname"}}"#, "!=", #""eth*""#)
        #expect(interface.match.inInterface == "!eth*")
        #expect(interface.text == #"iifname != "eth*" drop"#)
        #expect(try match(#"{"meta": {"key": "oif"}}"#, "==", #""lo""#).match.outInterface == "lo")
        let several = try match(#"{"meta": {"key": "oifname"}}"#, "==", #"{"set": ["a", "b"]}"#)
        #expect(several.match.others == [#"oifname { "a", "b" }"#])
    }

    @Test("what no tuple tells is a condition as written, but its protocol is known")
    func written() throws {
        let icmp = try match(payload("icmp", "type"), "==", #""echo-request""#)
        #expect(icmp.match.others == ["icmp type echo-request"])
        #expect(icmp.match.transport?.words == "ICMP")
        let flags = try match(#"{"&": [\#(payload("tcp", "flags")), ["fin", "syn"]]}"#, "==", #""syn""#)
        #expect(flags.match.others == ["tcp flags syn / fin,syn"])
        #expect(flags.match.transport?.words == "TCP")
        let fib = try match(#"{"fib": {"result": "type", "flags": ["daddr"]}}"#, "==", #""local""#)
        #expect(fib.match.others == ["fib daddr type local"])
        let original = try match(#"{"ct": {"key": "ip saddr", "dir": "original"}}"#, "==", #""10.0.0.1""#)
        #expect(original.match.others == ["ct original ip saddr 10.0.0.1"])
        let unknown = try match(#"{"moon": {"phase": "full", "a\"b": [1, true, null]}}"#, "==", "1")
        #expect(unknown.match.others == [#"{"moon":{"phase":"full","a\"b":[1,true,null]}} 1"#])
        let limit = try nftRule(#"{"limit": {"rate": 5, "burst": 7, "per": "second", "inv": true}}, \#(Self.drop)"#)
        #expect(limit.match.others == ["limit rate over 5/second burst 7 packets"])
        let quota = try nftRule(#"{"quota": {"val": 5, "val_unit": "mbytes"}}, \#(Self.drop)"#)
        #expect(quota.match.others == ["quota 5 mbytes"])
        let add = try nftRule(
            #"{"set": {"op": "add", "elem": {"elem": {"val": \#(payload("ip", "saddr")), "timeout": 5}}, "set": "@dyn"}}, \#(Self.drop)"#
        )
        #expect(add.match.others == ["add @dyn { ip saddr timeout 5s }"])
    }

    @Test("a set with a name is named; negated, it is a condition as written")
    func sets() throws {
        let positive = try match(payload("ip", "saddr"), "==", #""@nets""#)
        #expect(positive.match.sets == ["nets"])
        #expect(positive.match.others == [])
        let negated = try match(payload("ip", "saddr"), "!=", #""@nets""#)
        #expect(negated.match.sets == ["nets"])
        #expect(negated.match.others == ["ip saddr != @nets"])
        let marks = try match(#"{"meta": {"key": "mark"}}"#, "==", #""@marks""#)
        #expect(marks.match.others == ["meta mark @marks"])
    }

    @Test("a counter counts for the rule where it stands after all conditions")
    func counters() throws {
        #expect(try nftRule("\(Self.port), \(Self.counter), \(Self.drop)").counters == Counters(packets: 1, bytes: 2))
        #expect(try nftRule("\(Self.counter), \(Self.port), \(Self.drop)").counters == nil)
        #expect(
            try nftRule(#"\#(Self.counter), {"limit": {"rate": 5, "per": "second"}}, \#(Self.drop)"#).counters == nil)
        // The kernel's numbers have no sign; nft prints the upper half as negative.
        let large = try nftRule(#"{"counter": {"packets": -1, "bytes": 9223372036854775807}}, \#(Self.drop)"#)
        #expect(large.counters == Counters(packets: .max, bytes: 1 << 63 - 1))
    }

    @Test(
        "verdicts and what else a rule does, in nft's own words",
        arguments: [
            (#"{"accept": null}"#, RuleTarget.verdict(.accept), "accept"),
            (#"{"jump": {"target": "a"}}"#, .jump("a"), "jump a"),
            (#"{"goto": {"target": "a"}}"#, .goTo("a"), "goto a"),
            (#"{"return": null}"#, .returns, "return"), (#"{"continue": null}"#, .other("continue"), "continue"),
            (#"{"reject": null}"#, .verdict(.reject(with: nil)), "reject"),
            (#"{"reject": {"type": "tcp reset"}}"#, .verdict(.reject(with: "tcp-reset")), "reject with tcp reset"),
            (
                #"{"reject": {"type": "icmpx", "expr": "admin-prohibited"}}"#,
                .verdict(.reject(with: "icmpx-admin-prohibited")), "reject with icmpx admin-prohibited"
            ),
            (#"{"dnat": {"addr": "1.2.3.4", "port": 80}}"#, .other("dnat"), "dnat to 1.2.3.4:80"),
            (
                #"{"dnat": {"family": "ip6", "addr": "fe80::1", "port": 80}}"#, .other("dnat"),
                "dnat ip6 to [fe80::1]:80"
            ),
            (
                #"{"masquerade": {"flags": ["random", "fully-random"]}}"#, .other("masquerade"),
                "masquerade random,fully-random"
            ),
            (#"{"redirect": {"port": 8080}}"#, .other("redirect"), "redirect to :8080"),
            (
                #"{"mangle": {"key": {"meta": {"key": "mark"}}, "value": 16384}}"#, .other("mangle"),
                "meta mark set 0x00004000"
            ),
            (#"{"notrack": null}"#, .other("notrack"), "notrack"),
            (#"{"xt": {"type": "target", "name": "MARK"}}"#, .other("MARK"), #"xt target "MARK""#),
            (#"{"xt": {"type": "target", "name": "REJECT"}}"#, .verdict(.reject(with: nil)), #"xt target "REJECT""#),
        ])
    func targets(statement: String, target: RuleTarget, text: String) throws {
        let rule = try nftRule(statement)
        #expect(rule.target == target)
        #expect(rule.text == text)
        #expect(rule.match == RuleMatch())
    }

    @Test("a verdict counts for more than what the rule does besides")
    func logged() throws {
        let rule = try nftRule(#"{"log": {"prefix": "DPI|default", "group": 1, "snaplen": 80}}, \#(Self.drop)"#)
        #expect(rule.target == .verdict(.drop))
        #expect(rule.logPrefix == "DPI|default")
        #expect(rule.text == #"log prefix "DPI|default" group 1 snaplen 80 drop"#)
    }

    @Test("of what iptables-nft wrote and nft cannot say, extensions are conditions by name, comments are none")
    func compatibility() throws {
        let rule = try nftRule(
            #"{"xt": {"type": "match", "name": "comment"}}, {"xt": {"type": "match", "name": "multiport"}}, {"xt": null}, \#(Self.drop)"#
        )
        #expect(rule.match.others == [#"xt match "multiport""#, "xt"])
        #expect(rule.target == .verdict(.drop))
    }
}
