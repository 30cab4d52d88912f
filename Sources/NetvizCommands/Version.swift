/// The version of this program.
enum Version {
    static let text = "v0.1.0"
}
