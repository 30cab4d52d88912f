package import NetModel

/// The objects of a living cluster, from lists and the watches that follow them, and which of them ended when.
///
/// A value without a clock: who calls says when something was heard, in the client's time. An index for a time is made
/// by `objects(during:)`.
package struct InventoryStore: Sendable {
    /// What is listed and watched together: a kind, in one namespace or, with nil, in all.
    package struct Scope: Hashable, Sendable {
        package let kind: ObjectKind
        package let namespace: String?

        package init(_ kind: ObjectKind, namespace: String? = nil) {
            self.kind = kind
            self.namespace = namespace
        }
    }

    /// How much is known of a scope.
    package struct Progress: Hashable, Sendable {
        /// Where a watch goes on; "" until a list was read to its end.
        package var resourceVersion = ""
        /// When the last event, bookmark or list came; nil until then.
        package var lastHeard: Timestamp?
    }

    package init() {}

    /// What is known of a scope.
    package func progress(of scope: Scope) -> Progress { Progress() }

    /// Whether a scope was last heard of longer ago than `limit` nanoseconds, or never, so that it is to be listed anew.
    package func isStale(_ scope: Scope, at now: Timestamp, limit: Int64 = 10_000_000_000) -> Bool { true }

    /// Begins a list, the first or one that replaces what is known. Its objects, of all pages, follow with `add`.
    package mutating func beginList(of scope: Scope) {}

    /// Adds an object of the list that was begun.
    package mutating func add(_ item: InventoryItem, to scope: Scope, at now: Timestamp) {}

    /// Ends a list that was read to the end of its last page. Objects of the scope that are not on it ended by `now`.
    package mutating func endList(of scope: Scope, _ metadata: ListMetadata, at now: Timestamp) {}

    /// Applies an event of a scope's watch. An error changes nothing.
    package mutating func apply(_ event: WatchEvent, of scope: Scope, at now: Timestamp) {}

    /// Forgets what ended before a moment, so that memory does not grow with time.
    package mutating func forget(endedBefore moment: Timestamp) {}

    /// All objects that lived within a time, those that ended in it with their end.
    package func objects(during: ClosedRange<Timestamp>) -> InventoryObjects { InventoryObjects() }

    /// What was asked for of the nodes that live, by name in order.
    package var nodeFacts: [NodeFacts] { [] }

    /// Of the pods that live those that may tell the image that every node runs, where they were asked for.
    package var proxyPods: [PodImages] { [] }
}
