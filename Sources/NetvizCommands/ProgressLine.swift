import Synchronization

/// One line at the bottom of a terminal that says how far a run is, and gives way to every other line.
final class ProgressLine: Sendable {
    private struct State {
        var isShown = false
        var text = ""
    }

    private let state = Mutex(State())
    private let write: @Sendable (String) -> Void

    /// - Parameter write: writes text to the terminal as it is.
    init(write: @escaping @Sendable (String) -> Void) {
        self.write = write
    }

    private static let clear = "\r\u{1B}[K"

    /// Shows a text in place of the one before. It must be shorter than the terminal is wide.
    func show(_ text: String) {
        state.withLock { state in
            guard state.text != text || !state.isShown else { return }
            state.text = text
            state.isShown = true
            write(Self.clear + text)
        }
    }

    /// Writes a line, above which nothing of the progress remains.
    func tell(_ line: String, by tell: (String) -> Void) {
        state.withLock { state in
            guard state.isShown else { return tell(line) }
            write(Self.clear)
            tell(line)
            write(state.text)
        }
    }

    /// Takes the line away.
    func end() {
        state.withLock { state in
            guard state.isShown else { return }
            state.isShown = false
            write(Self.clear)
        }
    }
}
