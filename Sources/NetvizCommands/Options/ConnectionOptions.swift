package import ArgumentParser
package import Kubeconfig
package import Secrets

/// How the cluster is reached: kubectl's own flags (cli-runtime's `ConfigFlags`), but for `--namespace`, which is a filter.
package struct ConnectionOptions: ParsableArguments {
    package init() {}

    @Option(
        name: .customLong("kubeconfig"),
        parsing: .unconditional,
        help: ArgumentHelp("The kubeconfig file to use, instead of KUBECONFIG or ~/.kube/config.", valueName: "file")
    )
    package var kubeconfig = ""

    @Option(
        name: .customLong("context"),
        parsing: .unconditional,
        help: ArgumentHelp("The kubeconfig's context to use.", valueName: "name")
    )
    package var context = ""

    @Option(
        name: .customLong("cluster"),
        parsing: .unconditional,
        help: ArgumentHelp("The kubeconfig's cluster to use.", valueName: "name")
    )
    package var cluster = ""

    @Option(
        name: .customLong("user"),
        parsing: .unconditional,
        help: ArgumentHelp("The kubeconfig's user to use.", valueName: "name")
    )
    package var user = ""

    @Option(
        name: [.customShort("s"), .customLong("server")],
        parsing: .unconditional,
        help: ArgumentHelp("The address of the API server.", valueName: "url")
    )
    package var server = ""

    @Option(
        name: .customLong("tls-server-name"),
        parsing: .unconditional,
        help: ArgumentHelp("The name that the server's certificate must bear.", valueName: "name")
    )
    package var tlsServerName = ""

    @Flag(
        name: .customLong("insecure-skip-tls-verify"),
        help: "Do not look at the server's certificate: anybody may answer in its place."
    )
    package var insecureSkipTLSVerify = false

    @Option(
        name: .customLong("certificate-authority"),
        parsing: .unconditional,
        help: ArgumentHelp("A file with the certificates of the server's authority.", valueName: "file")
    )
    package var certificateAuthority = ""

    @Option(
        name: .customLong("client-certificate"),
        parsing: .unconditional,
        help: ArgumentHelp("A file with the certificate to show the server.", valueName: "file")
    )
    package var clientCertificate = ""

    @Option(
        name: .customLong("client-key"),
        parsing: .unconditional,
        help: ArgumentHelp("A file with that certificate's key.", valueName: "file")
    )
    package var clientKey = ""

    @Option(
        name: .customLong("token"),
        parsing: .unconditional,
        help: ArgumentHelp("The bearer token to send.", valueName: "token"),
        transform: { Secret($0) }
    )
    package var token: Secret?

    @Option(
        name: .customLong("username"),
        parsing: .unconditional,
        help: ArgumentHelp("The name for basic authentication.", valueName: "name")
    )
    package var username = ""

    @Option(
        name: .customLong("password"),
        parsing: .unconditional,
        help: ArgumentHelp("The password for basic authentication.", valueName: "password"),
        transform: { Secret($0) }
    )
    package var password: Secret?

    @Option(
        name: .customLong("as"),
        parsing: .unconditional,
        help: ArgumentHelp("The user to act as.", valueName: "name")
    )
    package var impersonatedUser = ""

    @Option(
        name: .customLong("as-uid"),
        parsing: .unconditional,
        help: ArgumentHelp("The UID to act with.", valueName: "uid")
    )
    package var impersonatedUID = ""

    @Option(
        name: .customLong("as-group"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A group to act in; may be repeated.", valueName: "name")
    )
    package var impersonatedGroups: [String] = []

    @Option(
        name: .customLong("as-user-extra"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("An extra attribute to act with; may be repeated.", valueName: "key=value")
    )
    package var impersonatedExtra: [String] = []

    @Option(
        name: .customLong("request-timeout"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "The longest that one request may take: seconds, or for example 2m; 0 is no limit.", valueName: "duration")
    )
    package var requestTimeout = ""

    @Flag(
        name: .customLong("disable-compression"),
        help: "Do not ask for compressed answers."
    )
    package var disableCompression = false

    @Option(
        name: .customLong("cache-dir"),
        parsing: .unconditional,
        help: ArgumentHelp("Understood as kubectl's; nothing is cached.", valueName: "folder")
    )
    package var cacheDirectory = ""

    @Option(
        name: .customLong("kuberc"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "kubectl's preferences, whose policy on credential plugins is kept; off for none.", valueName: "file")
    )
    package var kuberc = ""

    @Option(
        name: [.customShort("v"), .customLong("v")],
        parsing: .unconditional,
        help: ArgumentHelp("How much to tell about the run; from 6 on every request.", valueName: "level")
    )
    package var verbosity: Int?

    /// The flags as values.
    ///
    /// - Parameter namespace: the namespace to work in, empty for the kubeconfig's.
    package func overrides(namespace: String = "") -> ConnectionOverrides {
        var overrides = ConnectionOverrides()
        overrides.kubeconfig = kubeconfig
        overrides.kuberc = kuberc
        overrides.context = context
        overrides.cluster = cluster
        overrides.user = user
        overrides.namespace = namespace
        overrides.server = server
        overrides.tlsServerName = tlsServerName
        overrides.insecureSkipTLSVerify = insecureSkipTLSVerify
        overrides.certificateAuthority = certificateAuthority
        overrides.clientCertificate = clientCertificate
        overrides.clientKey = clientKey
        overrides.token = token ?? Secret("")
        overrides.username = username
        overrides.password = password ?? Secret("")
        overrides.impersonatedUser = impersonatedUser
        overrides.impersonatedUID = impersonatedUID
        overrides.impersonatedGroups = impersonatedGroups
        overrides.impersonatedExtra = impersonatedExtra
        overrides.requestTimeout = requestTimeout
        overrides.disableCompression = disableCompression
        overrides.cacheDirectory = cacheDirectory
        overrides.verbosity = max(0, verbosity ?? 0)
        return overrides
    }
}
