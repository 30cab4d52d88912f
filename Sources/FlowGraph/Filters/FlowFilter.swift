package import Inventory
package import NetModel

/// Which connections are wanted. Criteria of one clause are alternatives; every clause must hold.
package struct FlowFilter: Sendable {
    /// Which end a clause speaks of.
    package enum Side: String, CaseIterable, Sendable { case from, either, to }

    /// What an end must be.
    package enum EndCriterion: Sendable {
        /// "[ns/]prefix" or a glob.
        case pod(NamePattern)
        case namespace(NamePattern)
        /// "[ns/]prefix" or a glob.
        case workload(NamePattern)
        /// "[ns/]name[:port]" or a glob: the service dialled, or one that the end stands behind.
        case service(NamePattern)
        case label(LabelSelector)
        case address(IPPrefix)
        case port(UInt16)
    }

    /// Several criteria about one side, of which one must hold and none of the excluded.
    package struct EndClause: Sendable {
        package var side: Side
        package var wanted: [EndCriterion]
        package var excluded: [EndCriterion]

        package init(side: Side, wanted: [EndCriterion], excluded: [EndCriterion]) {
            self.side = side
            self.wanted = wanted
            self.excluded = excluded
        }
    }

    /// Values of which one is wanted, unless there are none, and none of the excluded.
    package struct Choice<Value: Sendable>: Sendable {
        package var wanted: [Value]
        package var excluded: [Value]

        package init(wanted: [Value] = [], excluded: [Value] = []) {
            self.wanted = wanted
            self.excluded = excluded
        }

        /// Whether every value passes.
        package var isOpen: Bool { wanted.isEmpty && excluded.isEmpty }

        package func accepts(_ test: (Value) -> Bool) -> Bool {
            (wanted.isEmpty || wanted.contains(where: test)) && !excluded.contains(where: test)
        }
    }

    package var ends: [EndClause] = []
    package var protocols = Choice<TransportProtocol>()
    package var verdicts = Choice<Verdict>()
    package var outcomes = Choice<Outcome>()
    /// The node of either end, or one that observed the connection.
    package var nodes = Choice<NamePattern>()

    package init() {}

    /// Whether every connection passes.
    var acceptsAll: Bool {
        ends.isEmpty && protocols.isOpen && verdicts.isOpen && outcomes.isOpen && nodes.isOpen
    }
}
