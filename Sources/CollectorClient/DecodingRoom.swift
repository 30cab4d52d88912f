/// Lets a number of conversations at a time decode what they received, in the order in which they come.
actor DecodingRoom {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// How many of `waiting` were let in.
    private var admitted = 0

    init(places: Int) {
        free = places
    }

    /// Waits for a place, which `leave` gives back. A task that is cancelled waits too: whoever is in there is soon done.
    func enter() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        guard admitted < waiting.count else {
            free += 1
            return
        }
        waiting[admitted].resume()
        admitted += 1
        guard admitted == waiting.count else { return }
        waiting.removeAll(keepingCapacity: true)
        admitted = 0
    }
}
