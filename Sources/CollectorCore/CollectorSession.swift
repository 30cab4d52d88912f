import CollectorProtocol

/// The collector's side of a session: HELLO, then for every START the frames up to END, until the client is gone.
package struct CollectorSession: ~Copyable {
    private let sampler: Sampler
    private let release: String
    private let patience: Int64
    private var reader = FrameStreamReader()

    /// - Parameter patience: for how long, in nanoseconds, the client need not say anything, nor read what was answered
    ///   outside of the work that START asks for, whose deadline START names.
    package init(sampler: Sampler, release: String, patience: Int64 = 120 * 1_000_000_000) {
        self.sampler = sampler
        self.release = release
        self.patience = patience
    }

    /// Runs until the client has nothing more to ask.
    ///
    /// - Parameter now: CLOCK_MONOTONIC in nanoseconds.
    package mutating func run(now: () -> Int64) throws(SamplingStop) {
        sampler.waitAtMost(patience)
        try sampler.greet(release: release)
        var heard = now()
        while true {
            let bytes = try sampler.takeReceived()
            if bytes.isEmpty {
                let silence = now() - heard
                guard silence < patience else { throw .deadline }
                sampler.waitForClient(until: heard + patience)
                continue
            }
            heard = now()
            for message in try messages(in: bytes) {
                try obey(message)
                heard = now()
            }
        }
    }

    private mutating func messages(in bytes: [UInt8]) throws(SamplingStop) -> [CollectorMessage] {
        var messages: [CollectorMessage] = []
        do {
            try reader.read(bytes.span) { messages.append($0) }
        } catch {
            throw .failed(Notice(topic: .client, text: "the client's frames cannot be read: \(error)"))
        }
        return messages
    }

    private func obey(_ message: CollectorMessage) throws(SamplingStop) {
        switch message {
        case .clockRequest:
            sampler.waitAtMost(patience)
            try sampler.tellClock()
        case .start(let start): try sampler.run(start)
        case .acknowledgement: break
        case .hello, .clock, .entries, .rules, .notice, .end, .failure:
            throw .failed(Notice(topic: .client, text: "the client sent a frame that only collectors send"))
        }
    }
}
