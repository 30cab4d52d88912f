import ArgumentParser
import Kubeconfig
import NetvizCommands
import Secrets
import Testing

@Suite("Connection flags")
struct ConnectionOptionsTests {
    private func overrides(_ arguments: [String]) throws -> ConnectionOverrides {
        try ConnectionOptions.parse(PflagSpelling.normalized(arguments)).overrides(namespace: "ns")
    }

    @Test("Every flag of kubectl's arrives")
    func all() throws {
        var wanted = ConnectionOverrides()
        wanted.kubeconfig = "f"
        wanted.kuberc = "off"
        wanted.context = "c"
        wanted.cluster = "k"
        wanted.user = "u"
        wanted.namespace = "ns"
        wanted.server = "https://s"
        wanted.tlsServerName = "n"
        wanted.insecureSkipTLSVerify = true
        wanted.certificateAuthority = "ca"
        wanted.clientCertificate = "cc"
        wanted.clientKey = "ck"
        wanted.token = Secret("t")
        wanted.username = "me"
        wanted.password = Secret("-p")
        wanted.impersonatedUser = "a"
        wanted.impersonatedUID = "i"
        wanted.impersonatedGroups = ["g,h", "-j"]
        wanted.impersonatedExtra = ["k=v=w", "x"]
        wanted.requestTimeout = "5s"
        wanted.disableCompression = true
        wanted.cacheDirectory = "d"
        wanted.verbosity = 6
        #expect(
            try overrides([
                "--kubeconfig=f", "--kuberc", "off", "--context", "c", "--cluster=k", "--user", "u", "-shttps://s",
                "--tls-server-name=n", "--insecure-skip-tls-verify=true", "--certificate-authority", "ca",
                "--client-certificate=cc", "--client-key=ck", "--token=t", "--username=me", "--password", "-p",
                "--as=a",
                "--as-uid", "i", "--as-group=g,h", "--as-group", "-j", "--as-user-extra=k=v=w", "--as-user-extra", "x",
                "--request-timeout=5s", "--disable-compression", "--cache-dir=d", "-v6",
            ]) == wanted)
    }

    @Test(
        "Levels of verbosity are spelled in four ways", arguments: [["-v=7"], ["-v", "7"], ["--v=7"], ["--v", "7"]])
    func verbosity(_ arguments: [String]) throws {
        #expect(try overrides(arguments).verbosity == 7)
    }

    @Test(
        "No usage error shows a token or a password",
        arguments: [
            ["--token=SECRET", "--v=x"], ["--password", "SECRET", "--nonsense"], ["--token=SECRET", "--as"],
            ["--password=SECRET", "--insecure-skip-tls-verify=maybe"], ["--token=SECRET", "argument"],
        ])
    func usage(_ arguments: [String]) throws {
        let error = #expect(throws: (any Error).self) { try overrides(arguments) }
        let text = error.map { "\($0) \(ConnectionOptions.fullMessage(for: $0)) \(ConnectionOptions.message(for: $0))" }
        #expect(text?.contains("SECRET") == false)
    }
}
