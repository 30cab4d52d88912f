/// What a pod finds of its own service account.
struct InClusterFiles {
    private static let folder = "/var/run/secrets/kubernetes.io/serviceaccount"
    static let tokenPath = folder + "/token"
    private static let authorityPath = folder + "/ca.crt"
    private static let namespacePath = folder + "/namespace"
    private static let sizeLimit = 16 << 20

    private let configuration: ConfigurationAccess
    private let host: String
    private let port: String

    /// nil outside of a pod with a service account.
    init?(_ configuration: ConfigurationAccess) {
        let environment = configuration.environment
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
        else { return nil }
        guard let kind = configuration.kind(Self.tokenPath), kind != .directory else { return nil }
        self.configuration = configuration
        self.host = host
        self.port = port
    }

    /// The API server's URL.
    var server: String { "https://" + (host.contains(":") ? "[\(host)]" : host) + ":" + port }

    /// The certificates of the cluster's authority; empty where they cannot be read, as in client-go.
    func authority() -> [UInt8] {
        (try? configuration.readFile(Self.authorityPath, Self.sizeLimit)) ?? []
    }

    /// The namespace of the pod; nil where nothing says it.
    func namespace() -> String? {
        if let name = configuration.environment["POD_NAMESPACE"], !name.isEmpty { return name }
        guard let bytes = try? configuration.readFile(Self.namespacePath, Self.sizeLimit) else { return nil }
        let name = TextTrimming.trimmed(bytes)
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }
}
