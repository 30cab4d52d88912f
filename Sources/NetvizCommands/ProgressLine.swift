import Synchronization

/// One line at the bottom of a terminal that says how far a run is, and gives way to every other line.
final class ProgressLine: Sendable {
    private struct State {
        var isShown = false
        var text = ""
    }

    private let state = Mutex(State())
    private let columns: @Sendable () -> Int?
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - columns: how wide the terminal is; nil where it does not tell.
    ///   - write: writes text to the terminal as it is.
    init(columns: @escaping @Sendable () -> Int?, write: @escaping @Sendable (String) -> Void) {
        self.columns = columns
        self.write = write
    }

    private static let clear = "\r\u{1B}[K"

    /// Shows a text in place of the one before, as much of it as the terminal has place for: what went on in a second line
    /// could not be taken away.
    ///
    /// - Parameter text: of characters that take one column each.
    func show(_ text: String) {
        let text = String(text.prefix(max(0, (columns() ?? 80) - 1)))
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
