package import NetModel

extension ConntrackStatistics {
    /// What was added since an earlier reading; a number that went down counts as none, since the kernel's wrap round.
    package func since(_ before: ConntrackStatistics) -> ConntrackStatistics {
        func added(_ field: KeyPath<ConntrackStatistics, UInt64>) -> UInt64 {
            self[keyPath: field] >= before[keyPath: field] ? self[keyPath: field] - before[keyPath: field] : 0
        }
        var difference = ConntrackStatistics()
        difference.found = added(\.found)
        difference.invalid = added(\.invalid)
        difference.insertFailed = added(\.insertFailed)
        difference.drop = added(\.drop)
        difference.earlyDrop = added(\.earlyDrop)
        difference.icmpError = added(\.icmpError)
        difference.searchRestart = added(\.searchRestart)
        difference.clashResolve = added(\.clashResolve)
        difference.chainTooLong = added(\.chainTooLong)
        return difference
    }
}
