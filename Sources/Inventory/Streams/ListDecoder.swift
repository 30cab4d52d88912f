/// Decodes the body of a list, as JSON or protobuf, while it arrives. Of the body no more is kept than one object.
package struct ListDecoder: Sendable {
    /// Bytes of one object that are kept; the API server takes requests of at most 3 MiB.
    package static let maximumItemLength = 8 << 20

    /// What could not be used of the objects that were read; `finish` adds how many more there were.
    package var problems: [InventoryProblem] { [] }

    /// - Parameters:
    ///   - kind: what the list has; bodies of `PartialObjectMetadataList` do not say it.
    ///   - details: what is read beside the objects.
    package init(_ encoding: APIEncoding, of kind: ObjectKind, details: InventoryItem.Details = []) {
    }

    /// Decodes what comes next of the body.
    ///
    /// - Parameter take: called with each object that is complete, in order.
    /// - Throws: when no more of the body can be read; what came before has been taken.
    package mutating func append(_ chunk: Span<UInt8>, take: (InventoryItem) -> Void) throws(StreamError) {
    }

    /// Says that the body ended.
    package mutating func finish() throws(StreamError) -> ListMetadata {
        ListMetadata()
    }
}
