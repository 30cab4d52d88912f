import KubernetesAPI
import TestSupport
import Testing

@Suite("Execs that a real API server ran or refused")
struct ExecRecordingTests {
    @Test("end as Goldens/execs.txt says, all of them")
    func outcomes() throws {
        var text = ""
        for name in try ExecRecording.names() {
            let replay = try ExecReplay(try ExecRecording(name)) { .max }
            text += "\(name): \(replay.version?.rawValue ?? "no session")\n"
            if !replay.stdout.isEmpty { text += "  stdout \(replay.stdout.debugDescription)\n" }
            if !replay.stderr.isEmpty { text += "  stderr \(replay.stderr.debugDescription)\n" }
            text += "  \(replay.outcome)\n"
            if case .refused(let refusal) = replay.results.first, let remedy = refusal.remedy {
                text += remedy.split(separator: "\n").map { "  > \($0)\n" }.joined()
            }
            #expect(replay.results.count == 1, "\(name)")
        }
        expectGolden(text, at: "Tests/KubernetesAPITests/Goldens/execs.txt")
    }

    @Test("give the same however their bytes arrive", arguments: try ExecRecording.names())
    func pieces(name: String) throws {
        let recording = try ExecRecording(name)
        let whole = try ExecReplay(recording) { .max }
        #expect(try ExecReplay(recording) { 1 } == whole)
        for seed in 0..<20 {
            var random = SplitMix(seed: UInt64(seed))
            #expect(try ExecReplay(recording) { Int(random.next() % 60) } == whole)
        }
    }

    @Test("never count as a success without the Status that says so", arguments: try ExecRecording.names())
    func truncated(name: String) throws {
        let complete = try ExecRecording(name)
        var recording = complete
        let word = Array(#""status":"Success"}"#.utf8)
        let end = recording.received.firstRange(of: word)?.upperBound ?? recording.received.count
        for count in 0..<min(end, 2000) {
            recording.received = Array(complete.received.prefix(count))
            let replay = try ExecReplay(recording) { .max }
            #expect(replay.results.count == 1)
            #expect(replay.results.first != .exited(code: 0), "after \(count) bytes")
        }
    }

    @Test("end once, and do not succeed by chance, where bytes are damaged")
    func damaged() throws {
        var random = SplitMix(seed: 36)
        let recordings = try ExecRecording.names().map { try ExecRecording($0) }
        for _ in 0..<3000 {
            var recording = random.pick(recordings)
            for _ in 0..<Int(1 + random.next() % 4) {
                let place = Int(random.next() % UInt64(recording.received.count))
                switch random.next() % 3 {
                case 0: recording.received[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: recording.received.remove(at: place)
                default: recording.received.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                }
            }
            let whole = try ExecReplay(recording) { .max }
            #expect(whole.results.count == 1)
            #expect(try ExecReplay(recording) { Int(random.next() % 40) } == whole)
        }
    }
}
