/// Why a bundle cannot be read on, and where. What its frames before that held stays true.
package struct BundleError: Error, Hashable, Sendable {
    package enum Reason: Error, Hashable, Sendable {
        /// The frame is not what it has to be.
        case frame(FrameError.Reason)
        /// The file ends within the frame, after so many of its bytes.
        case cutOff(Int)
        /// The file ends without BUNDLE END.
        case endless
        /// The file does not begin as a bundle does.
        case notBundle
        /// The bundle is of this version of the format, which is newer than ours.
        case newerVersion(UInt32)
        /// A frame of this kind may not come here.
        case misplaced(String)
        /// The file goes on after BUNDLE END.
        case goesOn
    }

    /// Where the frame begins, in bytes from the beginning of the file: the end of the last frame that is good.
    package let offset: UInt64
    package let reason: Reason

    package init(offset: UInt64, reason: Reason) {
        self.offset = offset
        self.reason = reason
    }

    /// Whether nothing at all can be read of such a file, rather than what comes before the offset.
    package var isOfWholeFile: Bool {
        switch reason {
        case .notBundle, .newerVersion: true
        case .frame, .cutOff, .endless, .misplaced, .goesOn: false
        }
    }
}

extension BundleError: CustomStringConvertible {
    package var description: String { "byte \(offset): \(reason)" }
}

extension BundleError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .frame(.wrongChecksum): "the checksum of the frame is wrong"
        case .frame(.tooLong(let length)):
            "the frame says that it is \(length) bytes long, more than the \(StreamFormat.longestPayload) that are allowed"
        case .frame(.unknownKind(let kind)): "the frame is of the kind \(kind), which is not known"
        case .frame(.endDoesNotFit(let total, let said, let seen)):
            "the end says \(total) \(said), but \(seen) came before it"
        case .frame(let reason): "\(reason)"
        case .cutOff(let count): "the file ends after \(count) \(count == 1 ? "byte" : "bytes") of a frame"
        case .endless: "the file ends before the recording does"
        case .notBundle: "it does not begin as a bundle does"
        case .newerVersion(let version):
            "it is of version \(version) of the format, newer than \(BundleFormat.currentVersion), the newest that is understood"
        case .misplaced(let what): "\(what) may not come here"
        case .goesOn: "the file goes on after the bundle's end"
        }
    }
}
