/// What is known when the second dump shows an entry, beside the entry.
struct WindowKnowledge: Sendable {
    let isFull: Bool
    /// Whether an entry that is not kept must be new, since all others were kept.
    let isNewKnown: Bool
    /// Whether a new one began after the window, since events told of all that began within.
    let areNewOnesOutside: Bool
    /// By how many milliseconds the times of two dumps' answers may differ from those given.
    let uncertainty: UInt64
    /// Whether it would be known, without counters, that a packet passed.
    let tellsIdle: Bool
}
