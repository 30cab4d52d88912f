/// The Status on the error channel, as its bytes come. It may take several messages.
struct ExecStatus: Sendable {
    /// Nobody sends a Status in more messages; whoever does is not read again at each.
    private static let mostReadings = 64

    private var bytes: [UInt8] = []
    private var isTooLong = false
    private var readings = 0
    private(set) var parsed: Status?

    /// Whether the last word was said.
    var isWhole: Bool { parsed != nil }

    /// The beginning of what came, where that is no Status.
    var unreadable: String? {
        guard parsed == nil, !bytes.isEmpty else { return nil }
        return String(decoding: bytes.prefix(256), as: UTF8.self)
    }

    mutating func append(_ input: Span<UInt8>, _ range: Range<Int>) {
        guard !isWhole, !isTooLong else { return }
        // The beginning is kept of one that is too long, so that it is told the same however it was cut.
        let room = ExecSession.longestStatus - bytes.count
        for index in range.prefix(room) { bytes.append(input[index]) }
        isTooLong = range.count > room
    }

    /// A message ended; what came may be a Status now.
    mutating func endMessage() {
        guard !isWhole, !isTooLong, !bytes.isEmpty, readings < Self.mostReadings else { return }
        readings += 1
        guard let status = Status(json: bytes), status.execOutcome != nil else { return }
        parsed = status
    }
}

extension Status {
    /// What an exec's Status says.
    enum ExecOutcome: Hashable {
        case exited(code: Int)
        case failed
    }

    /// Nil where it says neither that the process succeeded, nor with what code it ended, nor what failed.
    var execOutcome: ExecOutcome? {
        switch outcome {
        case .success: return .exited(code: 0)
        case .failure where reason == "NonZeroExitCode":
            // The message differs among servers; the cause does not.
            guard let text = causes.first(where: { $0.reason == "ExitCode" })?.message, let code = Int(text),
                (1...255).contains(code)
            else { return nil }
            return .exited(code: code)
        case .failure: return .failed
        }
    }

    func execResult(of request: ExecRequest) -> ExecResult {
        switch execOutcome {
        case .exited(let code): .exited(code: code)
        case .failed: .refused(ExecRefusal(self, to: request))
        case nil: .lost(.unreadableStatus(message))
        }
    }
}
