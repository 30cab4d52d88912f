/// How a dump of the table went.
package struct DumpSummary: Hashable, Sendable {
    /// Entries that were delivered.
    package var entries = 0
    /// Messages that could not be decoded.
    package var undecodable = 0
    /// Whether the kernel said that the table changed under the dump (NLM_F_DUMP_INTR): entries may be missing or have
    /// come twice. What was delivered stays true of its moment.
    package var wasInterrupted = false
    /// Whether the dump came to its end; false when `between` stopped it.
    package var isComplete = false

    package init() {}
}
