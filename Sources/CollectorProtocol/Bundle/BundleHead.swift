/// The first frame of a bundle: what it is.
package struct BundleHead: Hashable, Sendable {
    /// The version of the format.
    package var version: UInt32
    /// The release of the program that wrote it, "v1.2.3".
    package var release: String
    /// When the recording began, CLOCK_REALTIME in nanoseconds since 1970.
    package var recordedAt: Int64
    /// Random bytes: two files with the same ones hold the same run. Empty where a bundle does not say.
    package var identity: [UInt8]

    package init(
        version: UInt32 = BundleFormat.currentVersion,
        release: String,
        recordedAt: Int64,
        identity: [UInt8]
    ) {
        self.version = version
        self.release = release
        self.recordedAt = recordedAt
        self.identity = identity
    }
}

extension BundleHead {
    func append(to payload: inout [UInt8]) {
        // First in every version, so that a reader can refuse a newer one before it looks at the rest.
        payload.appendField(1, version)
        payload.appendField(2, text: release)
        payload.appendField(3, signed: recordedAt)
        payload.appendField(4, bytes: identity.span)
    }

    /// - Throws: `newerVersion` for a version that this code does not know.
    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(BundleError.Reason) {
        self.init(version: 0, release: "", recordedAt: 0, identity: [])
        do throws(FrameError.Reason) {
            var fields = fields
            while version <= BundleFormat.currentVersion, let field = try fields.next(bytes) {
                switch field.number {
                case 1: version = try field.unsigned()
                case 2: release = try field.text(bytes)
                case 3: recordedAt = try field.signed()
                case 4: identity = try field.bytes(bytes, atMost: BundleFormat.identityLength)
                default: break
                }
            }
        } catch {
            throw .frame(error)
        }
        guard version <= BundleFormat.currentVersion else { throw .newerVersion(version) }
        guard version > 0 else { throw .frame(.undecodable("BUNDLE: it has no version")) }
    }
}
