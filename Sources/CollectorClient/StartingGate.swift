/// Lets several collectors begin at one moment: when all are ready, or when the start timeout has passed.
actor StartingGate {
    private var expected: Int
    private var ready = 0
    private var waiting: [CheckedContinuation<Bool, Never>] = []
    private(set) var isOpen = false

    init(expected: Int) {
        self.expected = expected
    }

    /// Waits until the gate opens; false for who comes after that.
    func arrive() async -> Bool {
        if isOpen { return false }
        ready += 1
        if ready >= expected {
            open()
            return true
        }
        return await withCheckedContinuation { waiting.append($0) }
    }

    /// One that was expected will not come.
    func giveUp() {
        expected -= 1
        if !isOpen, ready >= expected { open() }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume(returning: true) }
        waiting = []
    }
}
