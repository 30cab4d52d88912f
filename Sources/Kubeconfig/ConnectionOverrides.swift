package import Secrets

/// What the command line says about the connection to the cluster: kubectl's own flags (cli-runtime's `ConfigFlags`).
/// An empty string is a flag that was not given, as in kubectl. File names are relative to the working directory.
package struct ConnectionOverrides: Sendable, Hashable {
    /// `--kubeconfig`: the one file to read, which must exist.
    package var kubeconfig = ""
    /// `--kuberc`: kubectl's file of preferences, `off` for none.
    package var kuberc = ""
    /// `--context`.
    package var context = ""
    /// `--cluster`.
    package var cluster = ""
    /// `--user`.
    package var user = ""
    /// The namespace to work in; kubectl's `--namespace`.
    package var namespace = ""
    /// `--server`.
    package var server = ""
    /// `--tls-server-name`.
    package var tlsServerName = ""
    /// `--insecure-skip-tls-verify`.
    package var insecureSkipTLSVerify = false
    /// `--certificate-authority`.
    package var certificateAuthority = ""
    /// `--client-certificate`.
    package var clientCertificate = ""
    /// `--client-key`.
    package var clientKey = ""
    /// `--token`.
    package var token = Secret("")
    /// `--username`, deprecated in kubectl.
    package var username = ""
    /// `--password`, deprecated in kubectl.
    package var password = Secret("")
    /// `--as`.
    package var impersonatedUser = ""
    /// `--as-uid`.
    package var impersonatedUID = ""
    /// `--as-group`, in the order given.
    package var impersonatedGroups: [String] = []
    /// `--as-user-extra`, `key=value` each; kubectl ignores one without `=`.
    package var impersonatedExtra: [String] = []
    /// `--request-timeout`: seconds, or a duration as Go writes it, `90s`; `0` is none.
    package var requestTimeout = ""
    /// `--disable-compression`.
    package var disableCompression = false
    /// `--cache-dir`; nothing is cached, the flag is only understood.
    package var cacheDirectory = ""
    /// `-v`, kubectl's level of verbosity: from 6 on requests are shown.
    package var verbosity = 0

    package init() {}
}
