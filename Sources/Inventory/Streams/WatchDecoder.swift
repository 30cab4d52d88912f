/// Decodes the stream of a watch, as JSON or protobuf, while it arrives. Of the stream no more is kept than one event.
package struct WatchDecoder: Sendable {
    /// What could not be used of the objects that events held. Whoever wants to be sure lists the kind anew.
    package var problems: [InventoryProblem] { [] }

    /// - Parameters:
    ///   - kind: what is watched; events with `PartialObjectMetadata` do not say it.
    ///   - details: what is read beside the objects.
    package init(_ encoding: APIEncoding, of kind: ObjectKind, details: InventoryItem.Details = []) {
    }

    /// Decodes what comes next of the stream.
    ///
    /// - Parameter take: called with each event that is complete, in order.
    /// - Throws: when no more of the stream can be read; what came before has been taken.
    package mutating func append(_ chunk: Span<UInt8>, take: (WatchEvent) -> Void) throws(StreamError) {
    }

    /// Says that the stream ended, as every watch does after its time.
    ///
    /// - Throws: when it ended within an event.
    package mutating func finish() throws(StreamError) {
    }
}
