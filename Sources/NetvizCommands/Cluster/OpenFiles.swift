#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How many files and sockets this process may have open.
enum OpenFiles {
    /// Every program that runs on a node has a connection of its own, up to four at a time on each: more nodes than some
    /// hundred need more than the 1024, or 256 on macOS, that a shell gives.
    private static let wanted: rlim_t = 65_536

    /// Raises the limit of this process (RLIMIT_NOFILE) as far as that is of use and allowed; where it is not, it stays.
    static func raiseLimit() {
        #if canImport(Darwin)
            let resource = RLIMIT_NOFILE
        #else
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return }
        let raised = min(wanted, limit.rlim_max)
        guard limit.rlim_cur < raised else { return }
        limit.rlim_cur = raised
        _ = unsafe setrlimit(resource, &limit)
    }
}
