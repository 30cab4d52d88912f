import ArgumentParser

/// How long is watched, and whether it is this machine's own kernel.
struct LocalOptions: ParsableArguments {
    @Flag(
        name: .customLong("local"),
        help: "Read this machine's own connection tracking table; needs root, or CAP_NET_ADMIN."
    )
    var local = false

    @Option(
        name: .customLong("window"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long is watched what happens, for example 500ms, 30s or 5m; 0 takes one dump, with totals only. (default: 5s)",
            valueName: "duration"
        )
    )
    var window: String?

    @Flag(
        name: .customLong("enable-accounting"),
        help:
            "Switch nf_conntrack_acct and nf_conntrack_timestamp on for the run, and back after it: bytes are counted of connections that begin meanwhile."
    )
    var enableAccounting = false
}
