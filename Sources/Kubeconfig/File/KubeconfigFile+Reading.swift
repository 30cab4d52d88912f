import JSONText
import Secrets
import YAMLText

extension KubeconfigFile {
    /// Reads the text of one file. Only its first document counts, as for kubectl.
    ///
    /// - Parameter folder: the absolute path of the file's folder, which relative paths in it start from.
    init(_ bytes: [UInt8], in folder: String) throws(FieldError) {
        let root: DocumentNode?
        do throws(YAMLError) {
            var reader = try YAMLReader(bytes)
            root = try reader.nextDocument()
        } catch {
            throw FieldError(line: error.line, message: "\(error.reason)")
        }
        guard let root else { return }
        let fields = try DocumentFields(root, path: "")
        try Self.check(fields, "apiVersion", is: "v1")
        try Self.check(fields, "kind", is: "Config")
        currentContext = try fields.string("current-context")
        clusters = try Self.entries(fields, "clusters", "cluster") { fields throws(FieldError) in
            try Cluster(fields, in: folder)
        }
        users = try Self.entries(fields, "users", "user") { fields throws(FieldError) in try User(fields, in: folder) }
        contexts = try Self.entries(fields, "contexts", "context", Context.init)
    }

    private static func check(_ fields: DocumentFields, _ key: String, is wanted: String) throws(FieldError) {
        let text = try fields.string(key)
        guard !text.isEmpty, text != wanted, let node = fields[key] else { return }
        throw fields.error(
            node, at: key, "\(ShownText.quoted(text)) where a kubeconfig has \(ShownText.quoted(wanted))")
    }

    /// A list of `{name, <content>}`.
    private static func entries<Content>(
        _ fields: DocumentFields,
        _ key: String,
        _ contentKey: String,
        _ read: (DocumentFields) throws(FieldError) -> Content
    ) throws(FieldError) -> [String: Content] {
        var entries: [String: Content] = [:]
        for entry in try fields.objects(key) {
            let name = try entry.string("name")
            let nothing = DocumentNode(.null, line: entry.node.line)
            let content = try DocumentFields(entry[contentKey] ?? nothing, path: "\(entry.path).\(contentKey)")
            guard entries.updateValue(try read(content), forKey: name) == nil else {
                throw FieldError(line: entry.node.line, message: "\(key): duplicate name \(ShownText.quoted(name))")
            }
        }
        return entries
    }
}

extension KubeconfigFile.Cluster {
    /// The cluster's extension that is meant for credential plugins.
    private static let execExtensionName = "client.authentication.k8s.io/exec"

    fileprivate init(_ fields: DocumentFields, in folder: String) throws(FieldError) {
        self.init()
        server = try fields.string("server")
        tlsServerName = try fields.string("tls-server-name")
        insecureSkipTLSVerify = try fields.boolean("insecure-skip-tls-verify")
        certificateAuthority = PathText.resolve(try fields.string("certificate-authority"), in: folder)
        certificateAuthorityData = try fields.bytes("certificate-authority-data")
        proxyURL = try fields.secret("proxy-url")
        disableCompression = try fields.boolean("disable-compression")
        for entry in try fields.objects("extensions") {
            if try entry.string("name") == Self.execExtensionName { execExtension = entry["extension"] }
        }
    }
}

extension KubeconfigFile.User {
    fileprivate init(_ fields: DocumentFields, in folder: String) throws(FieldError) {
        self.init()
        clientCertificate = PathText.resolve(try fields.string("client-certificate"), in: folder)
        clientCertificateData = try fields.bytes("client-certificate-data")
        clientKey = PathText.resolve(try fields.string("client-key"), in: folder)
        clientKeyData = Secret(try fields.bytes("client-key-data"))
        token = try fields.secret("token")
        tokenFile = PathText.resolve(try fields.string("tokenFile"), in: folder)
        impersonatedUser = try fields.string("as")
        impersonatedUID = try fields.string("as-uid")
        impersonatedGroups = try fields.strings("as-groups")
        if let extra = try fields.object("as-user-extra") {
            for key in extra.members().keys { impersonatedExtra[key] = try extra.strings(key) }
        }
        username = try fields.string("username")
        password = try fields.secret("password")
        if let provider = try fields.object("auth-provider") {
            var settings: [String: Secret] = [:]
            if let config = try provider.object("config") {
                for key in config.members().keys { settings[key] = try config.secret(key) }
            }
            authProvider = KubeconfigFile.AuthProvider(name: try provider.string("name"), settings: settings)
        }
        if let plugin = try fields.object("exec") { exec = try KubeconfigFile.Exec(plugin, in: folder) }
    }
}

extension KubeconfigFile.Exec {
    fileprivate init(_ fields: DocumentFields, in folder: String) throws(FieldError) {
        self.init()
        command = try fields.string("command")
        // A name alone is looked up in PATH.
        if command.utf8.contains(UInt8(ascii: "/")) { command = PathText.resolve(command, in: folder) }
        arguments = try fields.strings("args").map { Secret($0) }
        for variable in try fields.objects("env") {
            environment.append(
                ExecPlugin.Variable(name: try variable.string("name"), value: try variable.secret("value")))
        }
        apiVersion = try fields.string("apiVersion")
        installHint = try fields.string("installHint")
        providesClusterInfo = try fields.boolean("provideClusterInfo")
        interactiveMode = try fields.string("interactiveMode")
        // The older version's default; the newer has none.
        if interactiveMode.isEmpty, apiVersion == ExecPlugin.Version.v1beta1.rawValue {
            interactiveMode = ExecPlugin.InteractiveMode.ifAvailable.rawValue
        }
    }
}

extension KubeconfigFile.Context {
    fileprivate init(_ fields: DocumentFields) throws(FieldError) {
        self.init()
        cluster = try fields.string("cluster")
        user = try fields.string("user")
        namespace = try fields.string("namespace")
    }
}
