extension NodeFacts {
    /// What the name of an interface tells of a datapath that forwards packets past the host's connection tracking:
    /// "interface cilium_host (Cilium's eBPF datapath)"; nil for any other interface.
    package static func bypassSign(interface name: String) -> String? {
        let known: [(prefix: String, datapath: String)] = [
            ("cilium_host", "Cilium's eBPF datapath"),
            ("bpfin.cali", "Calico's eBPF datapath"),
            ("bpfout.cali", "Calico's eBPF datapath"),
        ]
        guard let (_, datapath) = known.first(where: { name.hasPrefix($0.prefix) }) else { return nil }
        return "interface \(name) (\(datapath))"
    }
}
