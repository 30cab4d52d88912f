#if os(Linux)
    import CMalloc
#endif

/// The C library's allocator, set for what a program reads.
package enum Allocator {
    /// For large files in many pieces: lets it keep what is freed, up to the peak. Pieces of a file are freed as fast as
    /// the next are wanted, and every page that goes back to the system between two of them is cleared and mapped anew.
    /// Measured on a million connections, that was a fifth of the system's time.
    package static func keepFreedMemory() {
        #if os(Linux)
            mallopt(M_MMAP_THRESHOLD, 32 << 20)
            mallopt(M_TRIM_THRESHOLD, 256 << 20)
            mallopt(M_TOP_PAD, 1 << 20)
        #endif
    }

    /// For a thousand nodes that are read at the same time: what small things of many connections left free among one
    /// another is of no use for the tables that are made of it. Large pieces are mapped one by one, all threads take
    /// from few heaps, and pages that nothing uses go back to the system as long as the task runs.
    static func givingFreedMemoryBack() -> Task<Void, Never> {
        #if os(Linux)
            mallopt(M_MMAP_THRESHOLD, 32 << 10)
            mallopt(M_TRIM_THRESHOLD, 4 << 20)
            mallopt(M_TOP_PAD, 128 << 10)
            mallopt(M_ARENA_MAX, 2)
        #endif
        return Task {
            while (try? await Task.sleep(for: .milliseconds(250))) != nil { trim() }
        }
    }

    /// Gives back the pages that nothing uses, wherever they lie.
    static func trim() {
        #if os(Linux)
            malloc_trim(0)
        #endif
    }
}
