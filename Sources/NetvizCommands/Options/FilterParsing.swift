import FlowGraph
import Inventory
import NetModel

extension FilterOptions {
    /// The filter that the flags ask for. A repeated flag is an alternative, different flags must all hold, and a
    /// value that begins with `!` excludes; a label selector has negations of its own and is taken as it is.
    ///
    /// - Throws: naming the flag and the value that cannot be read.
    func filter() throws(NetvizError) -> FlowFilter {
        var filter = FlowFilter()
        for (name, side, values) in endFlags where !values.isEmpty {
            var clause = FlowFilter.EndClause(side: side, wanted: [], excluded: [])
            for value in values {
                let isExcluded = name != "label" && value.hasPrefix("!")
                let flag = "--" + (side == .either ? "" : side.rawValue + "-") + name
                let criterion = try Self.criterion(name, isExcluded ? String(value.dropFirst()) : value, flag: flag)
                if isExcluded { clause.excluded.append(criterion) } else { clause.wanted.append(criterion) }
            }
            filter.ends.append(clause)
        }
        filter.protocols = try Self.choice(transport) { value throws(NetvizError) in
            guard let transport = TransportProtocol(value) else {
                throw NetvizError(
                    .usage,
                    "invalid argument \(ParsedValues.quoted(value)) for \"--protocol\": it is a protocol's name or number (0-255)"
                )
            }
            return transport
        }
        filter.verdicts = try Self.choice(verdict) { value throws(NetvizError) in
            try Self.named(value, flag: "--verdict", value.uppercased(), Verdict.init(rawValue:))
        }
        filter.outcomes = try Self.choice(outcome) { value throws(NetvizError) in
            try Self.named(value, flag: "--outcome", value.lowercased(), Outcome.init(rawValue:))
        }
        filter.nodes = try Self.patterns(node, flag: "--node")
        return filter
    }

    private var endFlags: [(name: String, side: FlowFilter.Side, values: [String])] {
        [
            ("pod", .from, fromPod), ("pod", .either, eitherPod), ("pod", .to, toPod),
            ("namespace", .from, fromNamespace),
            ("namespace", .either, allNamespaces ? [] : eitherNamespace),
            ("namespace", .to, toNamespace),
            ("workload", .from, fromWorkload), ("workload", .either, eitherWorkload), ("workload", .to, toWorkload),
            ("service", .from, fromService), ("service", .either, eitherService), ("service", .to, toService),
            ("label", .from, fromLabel), ("label", .either, eitherLabel), ("label", .to, toLabel),
            ("ip", .from, fromIp), ("ip", .either, eitherIp), ("ip", .to, toIp),
            ("port", .from, fromPort), ("port", .either, eitherPort), ("port", .to, toPort),
        ]
    }

    private static func criterion(
        _ name: String,
        _ value: String,
        flag: String
    ) throws(NetvizError) -> FlowFilter.EndCriterion {
        func invalid(_ reason: String) -> NetvizError {
            NetvizError(.usage, "invalid argument \(ParsedValues.quoted(value)) for \"\(flag)\": \(reason)")
        }
        guard !value.isEmpty else { throw invalid("it is empty") }
        switch name {
        case "pod": return .pod(NamePattern(value, style: .prefix))
        case "namespace": return .namespace(NamePattern(value, style: .exact))
        case "workload": return .workload(NamePattern(value, style: .prefix))
        case "service": return .service(NamePattern(value, style: .exact))
        case "label":
            do throws(LabelSelector.ParseError) {
                return .label(try LabelSelector(value))
            } catch {
                throw invalid(error.description)
            }
        case "ip":
            guard let prefix = IPPrefix(value) else { throw invalid("it is an address or a network like 10.0.0.0/8") }
            return .address(prefix)
        default:
            guard let port = UInt16(value) else { throw invalid("it is a port (0-65535)") }
            return .port(port)
        }
    }

    /// Names or globs.
    static func patterns(_ values: [String], flag: String) throws(NetvizError) -> FlowFilter.Choice<NamePattern> {
        try choice(values) { value throws(NetvizError) in
            guard !value.isEmpty else {
                throw NetvizError(.usage, "invalid argument \"\" for \"\(flag)\": it is empty")
            }
            return NamePattern(value, style: .exact)
        }
    }

    static func choice<Value>(
        _ values: [String],
        _ parse: (String) throws(NetvizError) -> Value
    ) throws(NetvizError) -> FlowFilter.Choice<Value> {
        var choice = FlowFilter.Choice<Value>()
        for value in values {
            if value.hasPrefix("!") {
                choice.excluded.append(try parse(String(value.dropFirst())))
            } else {
                choice.wanted.append(try parse(value))
            }
        }
        return choice
    }

    static func named<Value: CaseIterable & RawRepresentable<String>>(
        _ text: String,
        flag: String,
        _ spelled: String,
        _ make: (String) -> Value?
    ) throws(NetvizError) -> Value {
        if let value = make(spelled) { return value }
        throw ParsedValues.unknown(text, flag: flag, allowed: Value.allCases.map(\.rawValue))
    }
}
