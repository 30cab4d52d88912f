import FirewallRules
import Testing

@Suite("Where a chain stands in a packet's way")
struct ChainHookTests {
    @Test("a built-in chain's priority is that of its table (linux/netfilter_ipv4.h)")
    func builtIn() throws {
        let raw = try #require(ChainHook(builtIn: "PREROUTING", table: "raw"))
        #expect(raw == ChainHook(place: .prerouting, priority: -300))
        #expect(raw.isBeforeTranslation)
        let filter = try #require(ChainHook(builtIn: "OUTPUT", table: nil))
        #expect(filter == ChainHook(place: .output, priority: 0))
        #expect(!filter.isBeforeTranslation)
    }

    @Test("a chain of another name has no hook")
    func ownName() {
        #expect(ChainHook(builtIn: "KUBE-FORWARD", table: "filter") == nil)
        #expect(ChainHook(builtIn: "input", table: "filter") == nil)
    }
}
