import JSONText
import Secrets

/// What one or several kubeconfig files say (apiVersion v1, kind Config), as they say it: nothing is checked yet.
/// Empty strings and lists are fields that are not set. Paths are absolute or relative to the working directory.
struct KubeconfigFile: Sendable {
    var currentContext = ""
    var clusters: [String: Cluster] = [:]
    var users: [String: User] = [:]
    var contexts: [String: Context] = [:]

    /// `clusters[].cluster`.
    struct Cluster: Sendable, Hashable {
        var server = ""
        var tlsServerName = ""
        var insecureSkipTLSVerify = false
        var certificateAuthority = ""
        var certificateAuthorityData: [UInt8] = []
        /// May name a user with a password.
        var proxyURL = Secret("")
        var disableCompression = false
        /// What credential plugins are told about the cluster: the extension `client.authentication.k8s.io/exec`.
        var execExtension: DocumentNode?
    }

    /// `users[].user`.
    struct User: Sendable, Hashable {
        var clientCertificate = ""
        var clientCertificateData: [UInt8] = []
        var clientKey = ""
        var clientKeyData = Secret("")
        var token = Secret("")
        var tokenFile = ""
        var impersonatedUser = ""
        var impersonatedUID = ""
        var impersonatedGroups: [String] = []
        var impersonatedExtra: [String: [String]] = [:]
        var username = ""
        var password = Secret("")
        var authProvider: AuthProvider?
        var exec: Exec?
    }

    /// `users[].user.auth-provider`, the way of old.
    struct AuthProvider: Sendable, Hashable {
        var name: String
        var settings: [String: Secret]
    }

    /// `users[].user.exec`.
    struct Exec: Sendable, Hashable {
        var command = ""
        var arguments: [Secret] = []
        var environment: [ExecPlugin.Variable] = []
        var apiVersion = ""
        var installHint = ""
        var providesClusterInfo = false
        var interactiveMode = ""
    }

    /// `contexts[].context`.
    struct Context: Sendable, Hashable {
        var cluster = ""
        var user = ""
        var namespace = ""
    }

    /// Adds what another file says, where this one says nothing: whole entries, by name.
    mutating func add(_ other: KubeconfigFile) {
        if currentContext.isEmpty { currentContext = other.currentContext }
        clusters.merge(other.clusters) { first, _ in first }
        users.merge(other.users) { first, _ in first }
        contexts.merge(other.contexts) { first, _ in first }
    }
}
