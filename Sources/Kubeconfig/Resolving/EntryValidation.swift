import Secrets

/// What is wrong with the chosen entries, in kubectl's words, and what their files hold.
struct EntryValidation {
    /// A certificate, a key: PEM of a few kilobytes; bundles of authorities a few hundred.
    private static let sizeLimit = 16 << 20

    private let configuration: ConfigurationAccess
    private(set) var problems: [String] = []
    /// The authority's certificates, in PEM form; empty for none.
    private(set) var authority: [UInt8] = []
    private(set) var clientCertificate: ClientCertificate?

    init(_ entries: ChosenEntries, with configuration: ConfigurationAccess) {
        self.configuration = configuration
        check(entries.user, named: entries.userName)
        check(entries.cluster, named: entries.clusterName)
    }

    // MARK: The user

    private mutating func check(_ user: KubeconfigFile.User, named name: String) {
        if !user.clientCertificate.isEmpty || !user.clientCertificateData.isEmpty {
            checkCertificate(of: user, named: name)
        }
        if let exec = user.exec { check(exec, of: user, named: name) }
        if !user.token.isEmpty, !user.username.isEmpty || !user.password.isEmpty {
            problems.append(
                "more than one authentication method found for \(name); found [token basicAuth], only one is allowed")
        }
        let hasDetails =
            !user.impersonatedUID.isEmpty || !user.impersonatedGroups.isEmpty || !user.impersonatedExtra.isEmpty
        if hasDetails, user.impersonatedUser.isEmpty {
            problems.append("requesting uid, groups or user-extra for \(name) without impersonating a user")
        }
    }

    private mutating func checkCertificate(of user: KubeconfigFile.User, named name: String) {
        if !user.clientCertificate.isEmpty, !user.clientCertificateData.isEmpty {
            problems.append(
                "client-cert-data and client-cert are both specified for \(name). client-cert-data will override.")
        }
        if !user.clientKey.isEmpty, !user.clientKeyData.isEmpty {
            problems.append(
                "client-key-data and client-key are both specified for \(name); client-key-data will override")
        }
        if user.clientKey.isEmpty, user.clientKeyData.isEmpty {
            problems.append(
                "client-key-data or client-key must be specified for \(name) to use the clientCert authentication method."
            )
        }
        var chain = user.clientCertificateData
        var key = user.clientKeyData
        if !user.clientCertificate.isEmpty {
            let bytes = read(user.clientCertificate, as: "client-cert", of: name)
            if chain.isEmpty { chain = bytes }
        }
        if !user.clientKey.isEmpty {
            let bytes = read(user.clientKey, as: "client-key", of: name)
            if key.isEmpty { key = Secret(bytes) }
        }
        clientCertificate = ClientCertificate(chain: chain, key: key)
    }

    private mutating func check(_ exec: KubeconfigFile.Exec, of user: KubeconfigFile.User, named name: String) {
        let purpose = "to use exec authentication plugin"
        if user.authProvider != nil {
            problems.append("authProvider cannot be provided in combination with an exec plugin for \(name)")
        }
        if exec.command.isEmpty { problems.append("command must be specified for \(name) \(purpose)") }
        if exec.apiVersion.isEmpty { problems.append("apiVersion must be specified for \(name) \(purpose)") }
        for variable in exec.environment where variable.name.isEmpty {
            problems.append("env variable name must be specified for \(name) \(purpose)")
        }
        if exec.interactiveMode.isEmpty {
            problems.append("interactiveMode must be specified for \(name) \(purpose)")
        } else if ExecPlugin.InteractiveMode(rawValue: exec.interactiveMode) == nil {
            problems.append("invalid interactiveMode for \(name): \(ShownText.quoted(exec.interactiveMode))")
        }
    }

    // MARK: The cluster

    private mutating func check(_ cluster: KubeconfigFile.Cluster, named name: String) {
        if !cluster.proxyURL.isEmpty {
            let text = cluster.proxyURL.revealText()
            do throws(URLText.Trouble) {
                _ = try ProxyAddress.parse(text)
            } catch {
                let shown = ShownText.quoted(URLText.withoutUser(text))
                problems.append("invalid 'proxy-url' \(shown) for cluster \(ShownText.quoted(name)): \(error.reason)")
            }
        }
        if !cluster.certificateAuthority.isEmpty, !cluster.certificateAuthorityData.isEmpty {
            problems.append(
                "certificate-authority-data and certificate-authority are both specified for \(name). certificate-authority-data will override."
            )
        }
        authority = cluster.certificateAuthorityData
        if !cluster.certificateAuthority.isEmpty {
            let bytes = read(cluster.certificateAuthority, as: "certificate-authority", of: name)
            if authority.isEmpty { authority = bytes }
        }
    }

    private mutating func read(_ path: String, as what: String, of name: String) -> [UInt8] {
        do throws(FileTrouble) {
            return try configuration.readFile(path, Self.sizeLimit)
        } catch {
            problems.append("unable to read \(what) \(path) for \(name) due to open \(path): \(error.reason)")
            return []
        }
    }
}
