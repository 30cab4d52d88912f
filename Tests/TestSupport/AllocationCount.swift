import CAllocationCount

/// How many blocks of memory `body` allocates on this thread, those that it frees again included.
package func allocations(in body: () -> Void) -> Int {
    let before = allocation_count()
    body()
    return Int(allocation_count() - before)
}
