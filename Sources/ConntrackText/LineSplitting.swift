extension Span<UInt8> {
    /// The index of the first newline at or after `start`.
    func newline(from start: Int) -> Int? {
        var index = start
        while let word = word(at: index) {
            let found = WordBytes.find(UInt8(ascii: "\n"), in: word)
            if found != 0 { return index &+ WordBytes.index(found) }
            index &+= 8
        }
        while index < count {
            if self[index] == UInt8(ascii: "\n") { return index }
            index &+= 1
        }
        return nil
    }

    /// The length of this line without a carriage return at its end: text that came through a Windows machine has one.
    var lengthWithoutCarriageReturn: Int {
        count > 0 && self[count - 1] == UInt8(ascii: "\r") ? count - 1 : count
    }

    /// Whether this line, which is no entry, need not be one: it is blank, or what conntrack(8) says about its run
    /// where it has not failed. Such lines are on stderr and get among the entries with `2>&1`.
    var isRemark: Bool {
        var start = 0
        skipBlanks(&start)
        if start == count { return true }
        // "conntrack v1.4.7 (conntrack-tools): 16 flow entries have been shown." A failure is told in another form,
        // "…: Operation failed: …": it stays a malformed line, so that an empty table is not taken for a true one.
        if begins(with: "conntrack v", at: start) {
            return contains("have been ", from: start) || contains("has been ", from: start)
        }
        // With `-o labels` on a machine that names no labels.
        return begins(with: "nfct_labelmap_new:", at: start)
    }

    private func begins(with text: String, at start: Int) -> Bool {
        var index = start
        for byte in text.utf8 {
            guard index < count, self[index] == byte else { return false }
            index += 1
        }
        return true
    }

    private func contains(_ text: String, from start: Int) -> Bool {
        var index = start
        while index < count {
            if begins(with: text, at: index) { return true }
            index += 1
        }
        return false
    }
}
