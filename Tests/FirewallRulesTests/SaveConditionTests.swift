import FirewallRules
import NetModel
import Testing

@Suite("Conditions of a rule of iptables-save")
struct SaveConditionTests {
    @Test("addresses are prefixes; a mask with a gap is a condition as written")
    func addresses() throws {
        let masked = try rule("-A INPUT -s 10.0.0.0/255.255.0.0 ! -d 1.2.3.4/32 -j DROP")
        #expect(masked.match.source?.words == "10.0.0.0/16")
        #expect(masked.match.destination?.words == "!1.2.3.4/32")
        #expect(masked.match.others == [])
        let gap = try rule("-A INPUT ! -s 10.0.0.0/255.0.255.0 -j DROP")
        #expect(gap.match.source == nil)
        #expect(gap.match.others == ["! -s 10.0.0.0/255.0.255.0"])
        #expect(try rule("-A INPUT -s 2001:db8::/32 -j DROP").match.source?.words == "2001:db8::/32")
    }

    @Test("an exclamation mark stands before the option, or in old versions after it")
    func negation() throws {
        for line in [
            "-A INPUT ! -s 10.0.0.0/8 ! -p tcp ! -i eth0 -j DROP", "-A INPUT -s ! 10.0.0.0/8 -p ! 6 -i ! eth0 -j DROP",
        ] {
            let match = try rule(line).match
            #expect(match.source?.words == "!10.0.0.0/8")
            #expect(match.transport?.words == "!TCP")
            #expect(match.inInterface == "!eth0")
            #expect(match.others == [])
        }
    }

    @Test("protocols are names or numbers, and all is no condition")
    func protocols() throws {
        #expect(try rule("-A INPUT -p 132 -j DROP").match.transport?.words == "SCTP")
        #expect(try rule("-A INPUT -p ipv6-icmp -j DROP").match.transport?.words == "ICMPv6")
        #expect(try rule("-A INPUT -p all -j DROP").match == RuleMatch())
        #expect(try rule("-A INPUT -p nobody-knows -j DROP").match.others == ["-p nobody-knows"])
        #expect(try rule("-A INPUT -p 256 -j DROP").match.others == ["-p 256"])
    }

    @Test("ports are single, ranges or lists; those of either end are a condition as written")
    func ports() throws {
        let tcp = try rule("-A INPUT -p tcp -m tcp --sport 1024:65535 ! --dport 22 -j DROP").match
        #expect(tcp.sourcePorts?.words == "1024-65535")
        #expect(tcp.destinationPorts?.words == "!22")
        let list = try rule("-A INPUT -p udp -m multiport --dports 53,80,1000:2000 -j DROP").match
        #expect(list.destinationPorts?.words == "53,80,1000-2000")
        #expect(list.others == [])
        #expect(try rule("-A INPUT -p udp -m multiport ! --ports 53,54 -j DROP").match.others == ["! --ports 53,54"])
        #expect(try rule("-A INPUT -p tcp -m tcp --dport 65536 -j DROP").match.others == ["--dport 65536"])
        #expect(try rule("-A INPUT -p tcp -m tcp --dport 9:5 -j DROP").match.others == ["--dport 9:5"])
    }

    @Test("connection states of both modules")
    func states() throws {
        let kubelet = try rule("-A INPUT -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP").match
        #expect(kubelet.states == [.related, .established, .dnat])
        #expect(kubelet.statesAreNegated)
        let old = try rule("-A INPUT -m state --state INVALID,NEW,UNTRACKED -j DROP").match
        #expect(old.states == [.invalid, .new, .untracked])
        #expect(!old.statesAreNegated)
        let more = try rule("-A INPUT -m conntrack --ctstate NEW --ctproto 6 --ctstate BETTER -j DROP").match
        #expect(more.others == ["--ctproto 6", "--ctstate BETTER"])
    }

    @Test("a range of addresses is the prefixes that hold it")
    func ranges() throws {
        let match = try rule(
            "-A INPUT -m iprange --src-range 10.0.0.1-10.0.0.9 ! --dst-range 0.0.0.0-255.255.255.255 -j DROP"
        ).match
        #expect(match.source?.words == "10.0.0.1/32,10.0.0.2/31,10.0.0.4/30,10.0.0.8/31")
        #expect(match.destination?.words == "!0.0.0.0/0")
        let all = "-A INPUT -m iprange --src-range ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff -j DROP"
        #expect(try rule(all).match.source?.words == "::/0")
        #expect(
            try rule("-A INPUT -m iprange --src-range 10.0.0.9-10.0.0.1 -j DROP").match.others == [
                "--src-range 10.0.0.9-10.0.0.1"
            ])
    }

    @Test("an ipset is named, and stands among the conditions as written, for its elements are not known")
    func sets() throws {
        let match = try rule("-A INPUT -m set ! --match-set cali40s:abc src,dst -m tcp --dport 5 -j DROP").match
        #expect(match.sets == ["cali40s:abc"])
        #expect(match.others == ["! --match-set cali40s:abc src,dst"])
        #expect(match.destinationPorts?.words == "5")
    }

    @Test(
        "what no tuple tells is a condition as written",
        arguments: [
            "-m mark --mark 0x8000/0x8000", "-m addrtype ! --dst-type LOCAL", "-m physdev --physdev-in eth3",
            "-m statistic --mode random --probability 0.50000000000", "-m owner --uid-owner 0",
            "-m string --string \"a -j b\" --algo bm", "-m u32 --u32 \"0x0=0x0\"", "-m length --length 1:5",
            "-m mac --mac-source 00:11:22:33:44:55", "-m nfacct --nfacct-name ct_state_invalid_dropped_pkts",
            "-m recent --set --name X --mask 255.255.255.255 --rsource", "-m rpfilter", "-m icmp --icmp-type 8",
            "-m bpf --bytecode \"4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0\"", "-m limit --limit 5/sec", "-f",
            "--tcp-flags FIN,SYN,RST,ACK SYN",
        ])
    func others(condition: String) throws {
        let drop = try rule("-A INPUT \(condition) -j DROP")
        #expect(drop.match.others == [condition])
        #expect(drop.target == .verdict(.drop))
        #expect(drop.text == "\(condition) -j DROP")
    }

    @Test("a module that is a condition keeps options that others have, too")
    func optionOfAnotherModule() throws {
        let match = try rule("-A INPUT -m recent --set --name X -m hashlimit --dport 5 -s 10.0.0.0/8 -j DROP").match
        #expect(match.others == ["-m recent --set --name X", "-m hashlimit --dport 5"])
        #expect(match.destinationPorts == nil)
        #expect(match.source?.words == "10.0.0.0/8")
    }

    @Test("a second condition on the same field is a condition as written")
    func twice() throws {
        let match = try rule("-A INPUT -s 10.0.0.0/8 -m iprange ! --src-range 10.0.0.1-10.0.0.1 -j DROP").match
        #expect(match.source?.words == "10.0.0.0/8")
        #expect(match.others == ["! --src-range 10.0.0.1-10.0.0.1"])
    }
}
