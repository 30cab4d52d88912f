extension NFTText {
    /// A comparison; "==" and "in" are not written, as nft does not.
    mutating func comparison(
        _ nodes: NFTNodes,
        _ left: Int,
        _ op: NFTWord?,
        _ opText: @autoclosure () -> String,
        _ right: Int,
        quotes: UInt64
    ) {
        if flagsOfMask(nodes, left, op, right) { return }
        expression(nodes, left)
        let isOperation = nodes.only(left).map { nodes.nodes[$0].key == .and } ?? false
        switch op {
        case .within: write(" ")
        case .equal where !isOperation: write(" ")
        default: write(" \(opText()) ")
        }
        if nodes.nodes[right].kind == .number, mentionsMark(nodes, left) {
            write(Self.hexadecimal(nodes.nodes[right].number))
        } else {
            value(nodes, right, quotes: quotes)
        }
    }

    /// "tcp flags syn / fin,syn": flags that have to be set, of those that are looked at.
    private mutating func flagsOfMask(_ nodes: NFTNodes, _ left: Int, _ op: NFTWord?, _ right: Int) -> Bool {
        guard op == .equal || op == .notEqual, let only = nodes.only(left), nodes.nodes[only].key == .and,
            let flags = nodes.first(only), nodes.word(nodes.first(flags) ?? flags, .field) == .flags
        else { return false }
        let mask = nodes.nodes[flags].end
        guard mask < nodes.nodes[only].end else { return false }
        expression(nodes, flags)
        write(op == .notEqual ? " != " : " ")
        value(nodes, right, quotes: 0)
        write(" / ")
        value(nodes, mask, quotes: 0)
        return true
    }

    /// "add @name { ip saddr timeout 5s }": what a rule adds to a set.
    mutating func addition(_ nodes: NFTNodes, _ index: Int) {
        guard let name = nodes.child(index, .set), nodes.isSetName(name), let outer = nodes.child(index, .elem) else {
            return statement(nodes, index)
        }
        write("\(nodes.string(index, .op) ?? "add") ")
        value(nodes, name, quotes: 0)
        write(" { ")
        let inner = nodes.only(outer).flatMap { nodes.nodes[$0].key == .elem ? $0 : nil }
        expression(nodes, inner.flatMap { nodes.child($0, .val) } ?? outer)
        if let timeout = inner.flatMap({ nodes.number($0, .timeout) }) { write(" timeout \(timeout)s") }
        write(" }")
    }

    /// "quota over 25 mbytes", without what was used of it, which is no part of the rule.
    mutating func quota(_ nodes: NFTNodes, _ index: Int) {
        guard let amount = nodes.number(index, .val) else { return statement(nodes, index) }
        write("quota ")
        if let inverted = nodes.child(index, .inv), nodes.nodes[inverted].number == 1 { write("over ") }
        write("\(amount) \(nodes.string(index, .valUnit) ?? "bytes")")
    }

    /// "limit rate over 5/second burst 10 packets"
    mutating func limit(_ nodes: NFTNodes, _ index: Int) {
        guard let rate = nodes.number(index, .rate) else { return statement(nodes, index) }
        write("limit rate ")
        if let inverted = nodes.child(index, .inv), nodes.nodes[inverted].number == 1 { write("over ") }
        write("\(rate)")
        let unit = nodes.string(index, .rateUnit) ?? "packets"
        if unit != "packets" { write(" \(unit)") }
        write("/\(nodes.string(index, .per) ?? "second")")
        // Five packets are nft's default, and are not printed.
        if let burst = nodes.number(index, .burst), burst != 0, burst != 5 || unit != "packets" {
            write(" burst \(burst) packets")
        }
    }

    /// "log prefix \"DPI|default\" group 1 snaplen 80"
    mutating func log(_ nodes: NFTNodes, _ index: Int) {
        write("log")
        if let prefix = nodes.child(index, .prefix), nodes.nodes[prefix].kind == .string {
            write(" prefix ")
            string(nodes, nodes.nodes[prefix].range)
        }
        for key in [NFTWord.group, .snaplen, .queueThreshold, .level, .flags] {
            guard let child = nodes.child(index, key) else { continue }
            write(" \(key.rawValue) ")
            value(nodes, child, quotes: 0)
        }
    }

    /// "meta mark set 0x00004000"
    mutating func mangle(_ nodes: NFTNodes, _ index: Int) {
        guard let key = nodes.child(index, .key), let new = nodes.child(index, .value) else {
            return statement(nodes, index)
        }
        expression(nodes, key)
        write(" set ")
        if nodes.nodes[new].kind == .number, mentionsMark(nodes, key) {
            write(Self.hexadecimal(nodes.nodes[new].number))
        } else {
            value(nodes, new, quotes: 0)
        }
    }

    /// "dnat ip to 10.0.0.1:80", "redirect to :8080", "masquerade random"
    mutating func translation(_ nodes: NFTNodes, _ index: Int) {
        write(nodes.nodes[index].key?.rawValue ?? "")
        if let family = nodes.string(index, .family) { write(" \(family)") }
        let address = nodes.child(index, .addr)
        let port = nodes.child(index, .port)
        if address != nil || port != nil { write(" to ") }
        if let address {
            let isBracketed = port != nil && nodes.nodes[address].kind == .string && isIPv6(nodes, address)
            write(isBracketed ? "[" : "")
            value(nodes, address, quotes: 0)
            write(isBracketed ? "]" : "")
        }
        if let port {
            write(":")
            value(nodes, port, quotes: 0)
        }
        if let flags = nodes.child(index, .flags) {
            write(" ")
            list(nodes, flags, separator: ",", quotes: 0)
        }
    }

    private func isIPv6(_ nodes: NFTNodes, _ index: Int) -> Bool {
        nodes.bytes[nodes.nodes[index].range].contains(UInt8(ascii: ":"))
    }

    /// Any other statement: its name, and what it says as JSON.
    mutating func statement(_ nodes: NFTNodes, _ index: Int) {
        write(nodes, bytesOf: nodes.nodes[index].keyRange)
        guard nodes.nodes[index].kind != .null else { return }
        write(" ")
        json(nodes, index)
    }
}
