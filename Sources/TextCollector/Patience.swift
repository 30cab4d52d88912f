/// How long a node's programs are waited for.
package struct Patience: Hashable, Sendable {
    /// For a program that reads a few numbers.
    package var program: Duration
    /// For a program that prints the rules of a packet filter.
    package var rules: Duration
    /// For conntrack(8) to say that it listens to events.
    package var listening: Duration
    /// For a program to start, and for the next piece of what prints a table: a node that is silent for longer hangs.
    package var silence: Duration
    /// For how long no event may come before all are taken to have come, at the least and at the most: it is the time
    /// that the node's quickest program took, which is more than the way there and back.
    package var quiet: ClosedRange<Duration>
    /// How long a node may take a place away from others.
    package var place: Duration

    package init(
        program: Duration = .seconds(10),
        rules: Duration = .seconds(30),
        listening: Duration = .seconds(3),
        silence: Duration = .seconds(15),
        quiet: ClosedRange<Duration> = .milliseconds(100) ... .seconds(1),
        place: Duration = .seconds(3)
    ) {
        self.program = program
        self.rules = rules
        self.listening = listening
        self.silence = silence
        self.quiet = quiet
        self.place = place
    }
}
