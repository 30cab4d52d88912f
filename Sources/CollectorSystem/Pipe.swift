import Glibc

/// A pipe whose ends no child process inherits unless it is given one.
struct Pipe {
    let reading: Int32
    let writing: Int32

    /// Nil where the system has none to give; errno says why.
    init?() {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reading = ends[0]
        writing = ends[1]
    }
}
