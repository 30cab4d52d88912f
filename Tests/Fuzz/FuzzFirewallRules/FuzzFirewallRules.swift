import FirewallRules

/// libFuzzer's entry: any bytes are read as each of the three forms. What is kept stays on one line and is bounded by
/// what was read, and places in a chain are counted without a gap.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzFirewallRules(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe Array(input)
    _ = RulesHeader(bytes.span)
    for form in [RulesForm.iptablesSave, .iptablesList, .nftJSON] {
        let ruleset = Ruleset(reading: bytes.span, form: form)
        precondition(ruleset.problems.count <= 101, "there is no end to the problems")
        for problem in ruleset.problems { checkLine(problem.message) }
        for chain in ruleset.tables.flatMap(\.chains) {
            for (index, rule) in chain.rules.enumerated() {
                precondition(rule.number == index + 1, "a rule has another place than its own")
                checkLine(rule.text)
            }
        }
        for element in ruleset.tables.flatMap(\.sets).flatMap(\.elements) { checkLine(element.text) }
    }
    return 0
}

private func checkLine(_ text: String) {
    precondition(!text.utf8.contains { $0 < 0x20 || $0 == 0x7F }, "control characters are kept for printing")
}
