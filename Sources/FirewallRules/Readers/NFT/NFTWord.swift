/// Keys and values of libnftables-json(5) that mean something here.
enum NFTWord: String, CaseIterable, Sendable {
    // Objects and their fields.
    case table, chain, rule, set, map, counter, family, name, handle, expr, comment, type, hook, policy, elem, packets,
        bytes
    case priority = "prio"
    // Statements.
    case match, accept, drop, reject, jump, goto, target, vmap, log, limit, quota, mangle, masquerade, redirect, dnat,
        snat
    case notrack, meter, xt, queue, dup, fwd, flow, tproxy, synproxy, secmark, last
    case returns = "return"
    case continues = "continue"
    case countLimit = "ct count"
    // Expressions and their fields.
    case payload, meta, ct, concat, prefix, range, protocols = "protocol", field, key, data, left, right, op, val, addr,
        len
    case direction = "dir"
    case fib, result, flags, numgen, mode, mod, offset, exthdr, base, value, timeout
    case and = "&"
    case or = "|"
    case exclusiveOr = "^"
    case shiftLeft = "<<"
    case shiftRight = ">>"
    // Values.
    case ip, ip6, icmp, icmpv6, tcp, udp, udplite, sctp, dccp, th, saddr, daddr, sport, dport, nexthdr, l4proto, nfproto
    case iif, oif, iifname, oifname, iifgroup, oifgroup, state, status, mark, inet, arp, bridge, netdev, verdict
    // Of statements that are printed in nft's own words.
    case rate, burst, per, inv, group, snaplen, level, port
    case rateUnit = "rate_unit"
    case valUnit = "val_unit"
    case queueThreshold = "queue-threshold"
    // Operators.
    case equal = "=="
    case notEqual = "!="
    case within = "in"
    case not = "!"
    case below = "<"
    case above = ">"
    case atMost = "<="
    case atLeast = ">="

    static let known = WordTable<NFTWord>()
}
