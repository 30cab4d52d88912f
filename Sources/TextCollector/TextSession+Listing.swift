import CollectorProtocol
import ConntrackText
import NetModel

extension TextSession {
    /// What a listing of the table is for.
    enum Listing { case only, first, second }

    /// Lists the table.
    ///
    /// - Throws: `failed` where it is not known to be whole; what came of it was used.
    func list(_ listing: Listing) async throws(TextStop) {
        let isProcFile = facts.textSource == .procFile
        let commands = isProcFile ? [["cat", "/proc/net/nf_conntrack"]] : ConntrackProgram.listings(version)
        do throws(TextStop) {
            for command in commands { try await list(listing, command, tellsCount: !isProcFile) }
        } catch {
            await leave()
            throw error
        }
        await leave()
    }

    private func list(_ listing: Listing, _ command: [String], tellsCount: Bool) async throws(TextStop) {
        var reading = ListingReading(command: command, tellsCount: tellsCount)
        var isBegun = listing != .second
        let asked = now()
        let code: Int
        do throws(ProgramProblem) {
            code = try await perform(command, within: nil) { (output: ProgramOutput) throws(TextStop) in
                if !isBegun {
                    isBegun = true
                    try await awaitEventsOfWindow()
                }
                // What a first listing shows is kept here, whoever waits; another becomes the result.
                if listing != .first { await enter() }
                switch output {
                case .standardOutput(let bytes):
                    let arrival = now()
                    reading.take(bytes) { take($0, of: listing, asked: asked, at: arrival) }
                    try await flushIfFull()
                case .standardError(let bytes): reading.take(errors: bytes)
                case .ended: break
                }
            }
        } catch {
            if case .stopped(let stop) = error { throw stop }
            throw .failed(Notice(topic: .conntrack, text: error.text(command) + reading.whatCame))
        }
        if !isBegun { try await awaitEventsOfWindow() }
        losses.undecodable += reading.malformed
        if let line = reading.firstMalformed {
            let more = reading.malformed > 1 ? " (and \(reading.malformed - 1) more lines)" : ""
            tell(
                Notice(
                    topic: .conntrack,
                    text: "what '\(command.joined(separator: " "))' printed cannot be read: \(line)\(more)"))
        }
        if let notice = reading.problem(code: code) { throw .failed(notice) }
    }

    private func take(_ entry: ConntrackEntry, of listing: Listing, asked: Int64, at arrival: Int64) {
        switch listing {
        case .only: tell(entry, nil)
        case .first: watch.first(entry, asked: asked, at: arrival)
        case .second: watch.second(entry, asked: asked, at: arrival) { tell($0, $1) }
        }
    }
}

/// One listing of the table while it comes.
struct ListingReading: Sendable {
    let command: [String]
    /// Whether the program says how many entries it showed, as conntrack(8) does.
    let tellsCount: Bool

    private var reader = ConntrackTextReader()
    private var errors = ProgramErrors()
    /// How many entries it showed by its own count.
    private var shown: UInt64?
    private var lastByte = UInt8(ascii: "\n")
    /// Lines that could not be read.
    private(set) var malformed: UInt64 = 0
    private(set) var firstMalformed: MalformedLine?

    init(command: [String], tellsCount: Bool) {
        self.command = command
        self.tellsCount = tellsCount
    }

    mutating func take(_ bytes: [UInt8], entry: (ConntrackEntry) -> Void) {
        guard let last = bytes.last else { return }
        lastByte = last
        reader.read(bytes.span, entry: entry) { line in
            malformed += 1
            firstMalformed = firstMalformed ?? line
        }
    }

    mutating func take(errors bytes: [UInt8]) {
        errors.take(bytes) { if let count = ConntrackProgram.shownEntries($0) { shown = count } }
    }

    /// Lines of entries that came whole.
    private var lines: UInt64 { UInt64(reader.counts.entries + reader.counts.malformed) }

    /// What came, for the end of a sentence.
    var whatCame: String { "; \(Self.counted(lines)) came" }

    /// Why the listing is not known to be whole, when the program has ended; nil where it is.
    mutating func problem(code: Int) -> Notice? {
        errors.finish { if let count = ConntrackProgram.shownEntries($0) { shown = count } }
        let name = "'\(command.joined(separator: " "))'"
        if code != 0 {
            if ConntrackProgram.saysThatItMayNot(errors.firstLine) {
                return Notice(
                    topic: .permission,
                    text:
                        "reading the connection tracking table needs CAP_NET_ADMIN in the network namespace's user "
                        + "namespace: give the container that capability")
            }
            let said = errors.firstLine.isEmpty ? "" : ": \(errors.firstLine)"
            return Notice(topic: .conntrack, text: "\(name) failed with status \(code)\(said)\(whatCame)")
        }
        if tellsCount {
            guard let shown else {
                return Notice(
                    topic: .conntrack, text: "\(name) did not say how many entries there were\(whatCame)")
            }
            guard shown == lines else {
                return Notice(topic: .conntrack, text: "\(name) showed \(Self.counted(shown)), of which \(lines) came")
            }
        }
        guard lastByte == UInt8(ascii: "\n") else {
            return Notice(topic: .conntrack, text: "what \(name) printed ends within a line\(whatCame)")
        }
        return nil
    }

    private static func counted(_ count: UInt64) -> String { count == 1 ? "1 entry" : "\(count) entries" }
}
