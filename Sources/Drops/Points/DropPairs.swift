/// Which place of a window's beginning each place of its end was.
struct DropPairs {
    /// For each place of the end the position of the one of the beginning; nil for what only the end has.
    private(set) var partners: [Int?]
    /// The positions of those places of the beginning that the end does not have.
    private(set) var rest: [Int] = []

    init(_ earlier: [ReadDrop], _ later: [ReadDrop]) {
        partners = Array(repeating: nil, count: later.count)
        guard !earlier.isEmpty else { return }
        // Most windows change no rule, and two equal texts need nothing to be looked up. What is equal up to the first
        // difference would find the same partners below: no place behind can be the first of an equal handle or text.
        var equal = 0
        while equal < min(earlier.count, later.count), Place(earlier[equal]) == Place(later[equal]) {
            partners[equal] = equal
            equal += 1
        }
        guard equal < earlier.count else { return }
        var places = EarlierPlaces(earlier[equal...])
        // Handles are looked up for all before texts are for any: a rule may stand beside a new one of the same text.
        for position in later.indices.dropFirst(equal) { partners[position] = places.take(handleOf: later[position]) }
        for position in later.indices.dropFirst(equal) where partners[position] == nil {
            partners[position] = places.take(textOf: later[position])
        }
        rest = places.rest
    }
}

/// What a place is known by at both moments.
private struct Place: Hashable {
    private let point: DropPoint
    private let handle: UInt64?

    init(_ drop: ReadDrop) {
        self.init(drop, handle: drop.handle)
    }

    init(_ drop: ReadDrop, handle: UInt64?) {
        point = drop.point
        self.handle = handle
    }

    static func == (left: Place, right: Place) -> Bool {
        left.handle == right.handle && left.point.isSamePlace(as: right.point)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(point)
        hasher.combine(handle)
    }
}

/// The places of the beginning, until those of the end have taken theirs.
private struct EarlierPlaces {
    private let drops: ArraySlice<ReadDrop>
    private var isTaken: [Bool]
    private var byHandle: [Place: Int] = [:]
    /// The positions of equal places that are not taken by their handles, the last first; made when the first is asked
    /// for.
    private var byText: [Place: [Int]]?

    init(_ drops: ArraySlice<ReadDrop>) {
        self.drops = drops
        isTaken = Array(repeating: false, count: drops.count)
        for position in drops.indices.reversed() {
            let drop = drops[position]
            if drop.handle != nil { byHandle[Place(drop)] = position }
        }
    }

    /// The place with the same handle, if its text is still the same: handles are counted anew in a new table.
    mutating func take(handleOf drop: ReadDrop) -> Int? {
        guard drop.handle != nil, let position = byHandle[Place(drop)] else { return nil }
        return take(position)
    }

    /// The first place of the same text that nobody has taken. What is taken by a handle is taken before.
    mutating func take(textOf drop: ReadDrop) -> Int? {
        var texts = byText ?? placesByText()
        byText = nil
        defer { byText = texts }
        let place = Place(drop, handle: nil)
        while let position = texts[place]?.popLast() {
            if let taken = take(position) { return taken }
        }
        return nil
    }

    private func placesByText() -> [Place: [Int]] {
        var texts: [Place: [Int]] = [:]
        for position in drops.indices.reversed() where !isTaken[position - drops.startIndex] {
            texts[Place(drops[position], handle: nil), default: []].append(position)
        }
        return texts
    }

    private mutating func take(_ position: Int) -> Int? {
        guard !isTaken[position - drops.startIndex] else { return nil }
        isTaken[position - drops.startIndex] = true
        return position
    }

    /// What nobody took.
    var rest: [Int] { drops.indices.filter { !isTaken[$0 - drops.startIndex] } }
}
