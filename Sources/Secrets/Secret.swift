/// A credential: a token, a password, a private key. It never shows what it holds, however it is printed, described,
/// interpolated or mirrored; whoever needs the value says so by calling ``reveal()``.
package struct Secret: Sendable, Hashable {
    private let bytes: [UInt8]

    /// Takes the bytes as they are, for example a private key in PEM form.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Takes text as UTF-8.
    package init(_ text: String) {
        self.init([UInt8](text.utf8))
    }

    /// Whether there is nothing in it, which counts as no credential.
    package var isEmpty: Bool { bytes.isEmpty }

    /// The bytes themselves, for the one place that sends them.
    package func reveal() -> [UInt8] { bytes }

    /// The bytes as text; what is not UTF-8 is replaced.
    package func revealText() -> String { String(decoding: bytes, as: UTF8.self) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { description }
    /// Without children, so that `dump` and a test's report show nothing either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
