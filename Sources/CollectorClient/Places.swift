/// Lets a number of tasks at a time do something, in the order in which they come.
package actor Places {
    /// The right to be in; ends with `leave`, or when its time is over.
    package struct Stay: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// How many of `waiting` were let in.
    private var admitted = 0
    private var stays: Set<Stay> = []
    private var lastNumber: UInt64 = 0

    package init(_ count: Int) {
        free = count
    }

    /// Waits for a place, which `leave` gives back. A task that is cancelled waits too: whoever is in there is soon done.
    ///
    /// - Parameter limit: after so long the place is another's, though whoever has it goes on: one that is slow does not
    ///   hold up all others. Nil where nobody is that slow.
    package func enter(atMost limit: Duration? = nil) async -> Stay {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
        lastNumber += 1
        let stay = Stay(number: lastNumber)
        stays.insert(stay)
        if let limit {
            Task {
                try? await Task.sleep(for: limit)
                leave(stay)
            }
        }
        return stay
    }

    /// Gives a place back, if that was not done.
    package func leave(_ stay: Stay) {
        guard stays.remove(stay) != nil else { return }
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
