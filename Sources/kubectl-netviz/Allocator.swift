#if os(Linux)
    import CMalloc
#endif

/// The C library's allocator, set for a program that reads large files in many pieces.
enum Allocator {
    /// Lets it keep what is freed, up to the peak: pieces of a file are freed as fast as the next are wanted, and every
    /// page that goes back to the system between two of them is cleared and mapped anew. Measured on a million
    /// connections, that was a fifth of the system's time.
    static func keepFreedMemory() {
        #if os(Linux)
            mallopt(M_MMAP_THRESHOLD, 32 << 20)
            mallopt(M_TRIM_THRESHOLD, 256 << 20)
            mallopt(M_TOP_PAD, 1 << 20)
        #endif
    }
}
