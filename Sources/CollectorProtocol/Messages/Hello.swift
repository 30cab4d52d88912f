/// The first message of a collector.
package struct Hello: Hashable, Sendable {
    /// The version of this protocol that the collector speaks.
    package var version: UInt32
    /// The collector's own release, "1.2.3".
    package var release: String
    package var clock: ClockReading
    package var facts: NodeFacts

    /// The version that this code speaks. A newer one is refused: its frames may mean something else.
    package static let currentVersion: UInt32 = 1

    package init(version: UInt32 = Hello.currentVersion, release: String, clock: ClockReading, facts: NodeFacts) {
        self.version = version
        self.release = release
        self.clock = clock
        self.facts = facts
    }
}

extension Hello {
    func append(to payload: inout [UInt8]) {
        // First in every version, so that a reader can refuse a newer one before it looks at the rest.
        payload.appendField(1, version)
        payload.appendField(2, text: release)
        payload.appendField(3, message: clock.append)
        payload.appendField(4, message: facts.append)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        self.init(
            version: 0,
            release: "",
            clock: ClockReading(wall: 0, monotonic: 0),
            facts: NodeFacts(hostName: "", kernelRelease: "", hasConntrack: false, mayAdministrate: false)
        )
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1:
                version = try field.unsigned()
                guard version <= Self.currentVersion else { throw .newerVersion(version) }
            case 2: release = try field.text(bytes)
            case 3: clock = try ClockReading(field.message("HELLO, clock"), bytes)
            case 4: facts = try NodeFacts(field.message("HELLO, facts"), bytes)
            default: break
            }
        }
        guard version > 0 else { throw .undecodable("HELLO: it has no version") }
    }
}
