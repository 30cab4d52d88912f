extension ChainHook {
    /// The hook of a base chain as nft prints it; nil where the place has another name than those of netfilter.
    ///
    /// - Parameter priority: a number, or the name of one with what is added to it, "filter + 5" (nft(8), standard
    ///   priorities; those of bridges are their own).
    init?(nft place: String, priority: String, family: RuleFamily) {
        guard let place = Place(rawValue: place) else { return nil }
        var value = 0
        var isMinus = false
        for word in priority.split(separator: " ") {
            if word == "-" || word == "+" {
                isMinus = word == "-"
                continue
            }
            guard let part = Int(word) ?? Self.named(word, family: family), part.magnitude <= Int(Int32.max) else {
                return nil
            }
            value += isMinus ? -part : part
            guard value.magnitude <= Int(Int32.max) else { return nil }
        }
        self.init(place: place, priority: value)
    }

    private static func named(_ name: Substring, family: RuleFamily) -> Int? {
        switch (name, family == .bridge) {
        case ("raw", _): -300
        case ("mangle", _): -150
        case ("dstnat", let isBridge): isBridge ? -300 : -100
        case ("filter", let isBridge): isBridge ? -200 : 0
        case ("out", _): 100
        case ("security", _): 50
        case ("srcnat", let isBridge): isBridge ? 300 : 100
        default: nil
        }
    }
}
