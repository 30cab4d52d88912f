import CollectorProtocol
import Conntrack
import Glibc

/// Reads what a node says of itself.
enum NodeFactsReader {
    static func read() -> NodeFacts {
        let names = systemNames()
        // Where something hides the sysctls, as the mounts of a container may, the kernel can be asked itself.
        let count = SmallFile.number(Sysctl.count)
        let size = count == nil ? try? ConntrackTable().size() : nil
        var facts = NodeFacts(
            hostName: names.node,
            kernelRelease: names.release,
            hasConntrack: count != nil || size != nil,
            mayAdministrate: mayAdministrate()
        )
        facts.accounting = SmallFile.number(Sysctl.accounting).map { $0 != 0 }
        facts.timestamps = SmallFile.number(Sysctl.timestamps).map { $0 != 0 }
        facts.eventsMode = SmallFile.number(Sysctl.events).flatMap { UInt8(exactly: $0) }
        facts.bridgeNetfilter = SmallFile.number(Sysctl.bridgeIPTables).map { $0 != 0 }
        facts.tableCount = count ?? size?.count
        facts.tableMaximum = SmallFile.number(Sysctl.maximum) ?? size?.maximum
        facts.bypassSigns = bypassSigns()
        return facts
    }

    private static func systemNames() -> (node: String, release: String) {
        var names = utsname()
        guard unsafe uname(&names) == 0 else { return ("", "") }
        func text<Field>(_ field: Field) -> String {
            unsafe withUnsafeBytes(of: field) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
        }
        return (text(names.nodename), text(names.release))
    }

    /// CAP_NET_ADMIN among the effective capabilities (capabilities(7)); its bit is 12.
    private static func mayAdministrate() -> Bool {
        guard let status = SmallFile.text("/proc/self/status") else { return false }
        for line in status.split(separator: "\n") where line.hasPrefix("CapEff:") {
            let digits = line.dropFirst("CapEff:".count).drop { $0 == "\t" || $0 == " " }
            return UInt64(digits, radix: 16).map { $0 & 1 << 12 != 0 } ?? false
        }
        return false
    }

    /// Interfaces that only datapaths have which forward packets past the host's connection tracking.
    private static func bypassSigns() -> [String] {
        interfaceNames().sorted().compactMap { NodeFacts.bypassSign(interface: $0) }
    }

    private static func interfaceNames() -> [String] {
        guard let list = unsafe if_nameindex() else { return [] }
        defer { unsafe if_freenameindex(list) }
        var names: [String] = []
        var next = unsafe list
        while unsafe next.pointee.if_index != 0, let name = unsafe next.pointee.if_name {
            unsafe names.append(String(cString: name))
            unsafe next += 1
        }
        return names
    }
}
