import CollectorClient
import Synchronization
import Testing

@Suite("A number of places")
struct PlacesTests {
    /// How many were in at a time.
    private final class Count: Sendable {
        private let now = Atomic(0)
        let most = Atomic(0)

        func enter() { most.max(now.add(1, ordering: .relaxed).newValue, ordering: .relaxed) }
        func leave() { now.subtract(1, ordering: .relaxed) }
    }

    /// Lets so many tasks in, and tells how many were in at the same time.
    private func mostAtOnce(_ tasks: Int, in places: Places) async -> Int {
        let count = Count()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<tasks {
                group.addTask {
                    let stay = await places.enter()
                    count.enter()
                    try? await Task.sleep(for: .milliseconds(5))
                    count.leave()
                    await places.leave(stay)
                }
            }
        }
        return count.most.load(ordering: .relaxed)
    }

    @Test("lets no more in at a time, and all in the end", arguments: [1, 3])
    func limit(_ count: Int) async {
        #expect(await mostAtOnce(20, in: Places(count)) == count)
    }

    @Test("is given to the next when its time is over, and once: who had it gives nothing back any more")
    func lateLeaving() async {
        let places = Places(1)
        let slow = await places.enter(atMost: .milliseconds(20))
        let next = await places.enter()
        await places.leave(slow)
        await places.leave(slow)
        await places.leave(next)
        #expect(await mostAtOnce(5, in: places) == 1)
    }
}
