/// Why a stream of frames cannot be read on. What its earlier frames held has been delivered and stays true.
package struct FrameError: Error, Hashable, Sendable {
    package enum Reason: Error, Hashable, Sendable {
        /// The checksum is not that of the frame's kind and payload.
        case wrongChecksum
        /// The frame says that its payload is longer than `StreamFormat.longestPayload`, in bytes.
        case tooLong(UInt32)
        /// The frame arrived whole, but is of a kind that this version does not know.
        case unknownKind(UInt8)
        /// The stream ended within the frame, after so many of its bytes.
        case truncated(received: Int)
        /// HELLO says that the collector speaks this version of the protocol, which is newer than ours.
        case newerVersion(UInt32)
        /// The frame arrived whole, but its payload is not what its kind says; the text tells what is wrong.
        case undecodable(String)
        /// A total in END, which the text names, is not that of the frames that arrived.
        case endDoesNotFit(total: String, said: UInt64, seen: UInt64)
    }

    /// The number of the frame in the stream, from 1.
    package let frame: UInt64
    /// Where the frame begins, in bytes from the beginning of the stream.
    package let offset: UInt64
    package let reason: Reason

    package init(frame: UInt64, offset: UInt64, reason: Reason) {
        self.frame = frame
        self.offset = offset
        self.reason = reason
    }
}

extension FrameError: CustomStringConvertible {
    package var description: String { "frame \(frame) at byte \(offset): \(reason)" }
}

extension FrameError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongChecksum: "its checksum is wrong"
        case .tooLong(let length):
            "it is \(length) bytes long, more than the \(StreamFormat.longestPayload) that are allowed"
        case .unknownKind(let kind): "it is of kind \(kind), which only a newer version knows"
        case .truncated(let received): "the stream ends after \(received) of its bytes"
        case .newerVersion(let version):
            "version \(version) of the protocol is newer than \(Hello.currentVersion), the one that is understood"
        case .undecodable(let what): what
        case .endDoesNotFit(let total, let said, let seen): "END says \(total) \(said), but \(seen) arrived"
        }
    }
}
