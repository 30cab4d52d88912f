/// The hint of a kubeconfig on how to install a plugin: text that a terminal shows, and that is not to work it.
enum HintText {
    /// `text` without escape sequences (ECMA-48) and control characters, but with its line feeds.
    static func cleaned(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\u{1B}":
                switch rest.first {
                case "[": passControlSequence(&rest)
                case "]", "P", "X", "^", "_": passString(&rest)
                default: _ = rest.popFirst()
                }
            case "\u{9B}":
                passParameters(&rest)
            default: result.append(scalar)
            }
        }
        return ShownText.lines(String(result))
    }

    /// `ESC [`, parameters, and a final byte.
    private static func passControlSequence(_ rest: inout Substring.UnicodeScalarView) {
        rest.removeFirst()
        passParameters(&rest)
    }

    private static func passParameters(_ rest: inout Substring.UnicodeScalarView) {
        rest = rest.drop { (0x20...0x3F).contains($0.value) }
        if let final = rest.first, (0x40...0x7E).contains(final.value) { rest.removeFirst() }
    }

    /// A string that ends with BEL or `ESC \`; one without an end takes the rest.
    private static func passString(_ rest: inout Substring.UnicodeScalarView) {
        while let scalar = rest.popFirst() {
            if scalar == "\u{7}" || scalar == "\u{9C}" { return }
            if scalar == "\u{1B}" {
                if rest.first == "\\" { rest.removeFirst() }
                return
            }
        }
    }
}
