/// The kubeconfig files that count, merged.
struct KubeconfigFiles {
    /// Far above what anybody has: some write hundreds of clusters with their certificates into one file.
    private static let sizeLimit = 32 << 20

    let merged: KubeconfigFile
    /// The files that were read, in the order of their precedence.
    let paths: [String]

    /// Reads `--kubeconfig`, which must be there; else those of `KUBECONFIG`; else `~/.kube/config`.
    ///
    /// - Throws: with every file that is there and cannot be read.
    init(_ overrides: ConnectionOverrides, with configuration: ConfigurationAccess) throws(KubeconfigError) {
        let explicit = overrides.kubeconfig
        if !explicit.isEmpty, configuration.kind(explicit) == nil {
            throw KubeconfigError(.file, ["stat \(explicit): no such file or directory"])
        }
        var merged = KubeconfigFile()
        var paths: [String] = []
        var problems: [String] = []
        for path in explicit.isEmpty ? Self.usualPaths(configuration.environment) : [explicit] {
            let bytes: [UInt8]
            do throws(FileTrouble) {
                bytes = try configuration.readFile(path, Self.sizeLimit)
            } catch {
                if !error.isMissing { problems.append("error loading config file \"\(path)\": \(error.reason)") }
                continue
            }
            let absolute = PathText.resolve(path, in: configuration.workingDirectory)
            do throws(FieldError) {
                merged.add(try KubeconfigFile(bytes, in: PathText.folder(of: absolute)))
                paths.append(path)
            } catch {
                problems.append("error loading config file \"\(path)\": line \(error.line): \(error.message)")
            }
        }
        guard problems.isEmpty else { throw KubeconfigError(.file, problems) }
        self.merged = merged
        self.paths = paths
    }

    private static func usualPaths(_ environment: [String: String]) -> [String] {
        if let list = environment["KUBECONFIG"], !list.isEmpty {
            var seen: Set<Substring> = []
            return list.split(separator: ":").filter { seen.insert($0).inserted }.map(String.init)
        }
        guard let home = environment["HOME"], !home.isEmpty else { return [] }
        return [PathText.clean(home + "/.kube/config")]
    }
}
