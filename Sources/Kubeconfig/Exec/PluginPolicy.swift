import JSONText
import YAMLText

/// Which credential plugins may run, as kubectl's file of preferences, the kuberc, says it (kubectl.config.k8s.io,
/// `credentialPluginPolicy`). kubectl keeps to it in its own process only, so a plugin of kubectl has to do it again.
enum PluginPolicy: Hashable {
    case allowAll
    case denyAll
    /// Paths, and names that are looked up in `PATH`.
    case allowlist([String])

    private static let sizeLimit = 4 << 20
    private static let group = "kubectl.config.k8s.io/"

    /// Reads the preferences of `--kuberc`, of `KUBERC`, or of `~/.kube/kuberc`.
    ///
    /// - Throws: when they are there and cannot be understood: a policy that is not known must not be overridden.
    static func read(
        _ overrides: ConnectionOverrides,
        with configuration: ConfigurationAccess
    ) throws(KubeconfigError) -> PluginPolicy {
        let environment = configuration.environment
        guard environment["KUBECTL_KUBERC"] != "false" else { return .allowAll }
        let given = overrides.kuberc.isEmpty ? environment["KUBERC"] ?? "" : overrides.kuberc
        let usual = environment["HOME"].flatMap { $0.isEmpty ? nil : PathText.clean($0 + "/.kube/kuberc") }
        guard given != "off", let path = given.isEmpty ? usual : given else { return .allowAll }
        let bytes: [UInt8]
        do throws(FileTrouble) {
            bytes = try configuration.readFile(path, sizeLimit)
        } catch {
            if error.isMissing, given.isEmpty { return .allowAll }
            throw KubeconfigError(.file, ["error loading kuberc file \"\(path)\": \(error.reason)"])
        }
        do throws(FieldError) {
            return try read(bytes)
        } catch {
            throw KubeconfigError(
                .file, ["error loading kuberc file \"\(path)\": line \(error.line): \(error.message)"])
        }
    }

    /// The first document counts that holds preferences.
    private static func read(_ bytes: [UInt8]) throws(FieldError) -> PluginPolicy {
        for node in try documents(bytes) where node.kind != .null {
            let fields = try DocumentFields(node, path: "")
            guard try fields.string("kind") == "Preference", try fields.string("apiVersion").hasPrefix(group) else {
                continue
            }
            return try policy(fields)
        }
        return .allowAll
    }

    private static func documents(_ bytes: [UInt8]) throws(FieldError) -> [DocumentNode] {
        do throws(YAMLError) {
            var reader = try YAMLReader(bytes)
            var documents: [DocumentNode] = []
            while let node = try reader.nextDocument() { documents.append(node) }
            return documents
        } catch {
            throw FieldError(line: error.line, message: "\(error.reason)")
        }
    }

    private static func policy(_ fields: DocumentFields) throws(FieldError) -> PluginPolicy {
        let key = "credentialPluginPolicy"
        let listKey = "credentialPluginAllowlist"
        let entries = try fields.objects(listKey)
        let line = fields[listKey]?.line ?? fields.node.line
        let name = try fields.string(key)
        guard name == "Allowlist" else {
            guard entries.isEmpty else {
                throw FieldError(line: line, message: "\(listKey): it is used with \(key) \"Allowlist\" only")
            }
            switch name {
            case "", "AllowAll": return .allowAll
            case "DenyAll": return .denyAll
            default:
                throw FieldError(
                    line: fields[key]?.line ?? line,
                    message: "\(key): \(ShownText.quoted(name)) is none of AllowAll, DenyAll, Allowlist")
            }
        }
        guard !entries.isEmpty else { throw FieldError(line: line, message: "\(listKey): it is empty") }
        var commands: [String] = []
        for entry in entries {
            let command = try entry.string("command")
            let named = command.isEmpty ? try entry.string("name") : command
            guard !named.isEmpty, PathText.clean(named) == named else {
                throw FieldError(line: entry.node.line, message: "\(entry.path): an entry is a clean path or a name")
            }
            commands.append(named)
        }
        return .allowlist(commands)
    }

    /// Whether a command may run.
    ///
    /// - Throws: when it may not.
    func check(_ command: String, with configuration: ConfigurationAccess) throws(KubeconfigError) {
        switch self {
        case .allowAll: return
        case .denyAll: break
        case .allowlist(let commands):
            let wanted = Set(
                [PathText.clean(command), ExecutableLookup.path(of: command, with: configuration)].compactMap { $0 })
            for allowed in commands {
                if wanted.contains(allowed) { return }
                if let path = ExecutableLookup.path(of: allowed, with: configuration), wanted.contains(path) { return }
            }
        }
        throw KubeconfigError(
            .credential,
            [
                "the credential plugin \(ShownText.quoted(command)) is not allowed by the policy in kubectl's kuberc file"
            ],
            remedy: "See credentialPluginPolicy in ~/.kube/kuberc, or in the file that KUBERC names."
        )
    }
}
