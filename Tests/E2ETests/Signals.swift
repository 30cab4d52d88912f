import Glibc

/// Sends a signal to a process, signal(7).
func send(_ signal: Int32, to number: Int32) throws {
    guard kill(number, signal) == 0 else { throw Unexpected("signal \(signal) to \(number): errno \(errno)") }
}

func send(_ signal: Int32, to process: Lab.NodeProcess) throws {
    try send(signal, to: process.number)
}
