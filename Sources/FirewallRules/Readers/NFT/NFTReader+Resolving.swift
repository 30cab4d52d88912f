// What can be told only when the whole text was read: objects may stand after the rules that name them.

extension NFTReader {
    /// Gives a rule the counts of the counter that it names. One that several rules name counts for all of them together,
    /// so that what each was applied to is not known.
    mutating func resolveCounters() {
        for (name, places) in counted.sorted(by: { ($0.key.table, $0.key.name) < ($1.key.table, $1.key.name) }) {
            guard places.count == 1, let place = places.first else {
                problems.add(
                    line: nil,
                    "the counter \(PrintedText.escaped(name.name)) is of \(places.count) rules together, so that their own "
                        + "counts are not known")
                continue
            }
            tables[place.table].chains[place.chain].rules[place.rule].counters = counters[name]
        }
    }

    /// Fills in what the elements of sets stand for, as the first rule that looks a packet up in each does it; lookups of
    /// another kind then stand among the conditions as written.
    mutating func resolveSets() {
        var keys: [Names: NFTKey] = [:]
        for (place, lookup) in lookups {
            let name = Names(table: place.table, name: lookup.name)
            if let first = keys[name] {
                if first.fields != lookup.key.fields {
                    tables[place.table].chains[place.chain].rules[place.rule].match.others.append(lookup.text)
                }
            } else {
                keys[name] = lookup.key
            }
        }
        for table in tables.indices {
            for set in tables[table].sets.indices {
                guard let key = keys[Names(table: table, name: tables[table].sets[set].name)] else { continue }
                let family = tables[table].family
                for element in tables[table].sets[set].elements.indices {
                    tables[table].sets[set].elements[element].resolve(key, family: family)
                }
            }
        }
    }
}
