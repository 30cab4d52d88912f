/// What every document of ours says of itself.
enum ReportKind {
    static let apiVersion = "netviz.dev/v1"
}
