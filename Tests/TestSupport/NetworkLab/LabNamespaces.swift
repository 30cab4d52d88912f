import Glibc
import Synchronization

/// The names and lives of the lab's network namespaces.
///
/// A name is `nvlabPID-N-HOST`: the process that made it, its Nth lab, the host. Runs at the same time do not collide,
/// and what a killed run left is known by its dead process.
enum LabNamespaces {
    static let directory = "/run/netns"
    private static let prefix = "nvlab"
    private static let count = Atomic<Int>(0)

    /// What the names of one more lab of this process begin with.
    static func uniquePrefix() -> String {
        "\(prefix)\(getpid())-\(count.add(1, ordering: .relaxed).newValue)-"
    }

    /// The namespaces whose names begin so.
    static func existing(_ prefix: String) -> [String] {
        guard let names = try? directoryContents(directory) else { return [] }
        return names.filter { $0.hasPrefix(prefix) }
    }

    /// Removes the namespaces of labs whose process is no more, with whatever still runs in them.
    static func removeStale() async throws {
        for name in existing(prefix) {
            let digits = name.dropFirst(prefix.count).prefix { $0.isASCII && $0.isNumber }
            guard let owner = Int32(digits), name.dropFirst(prefix.count + digits.count).hasPrefix("-") else {
                continue
            }
            if kill(owner, 0) != 0, errno == ESRCH {
                // Another run may be clearing the same ones.
                try? await remove(name)
            }
        }
    }

    /// Kills what runs in a namespace and removes it; one that does not exist is not an error.
    static func remove(_ name: String) async throws {
        guard fileExists("\(directory)/\(name)") else { return }
        let processes = try await runSuccessfully("ip", ["netns", "pids", name], environment: .lab)
        for process in processes.split(whereSeparator: \.isWhitespace).compactMap({ Int32($0) }) where process > 1 {
            kill(process, SIGKILL)
        }
        _ = try await runSuccessfully("ip", ["netns", "delete", name], environment: .lab)
    }
}

extension CommandEnvironment {
    /// That of the tests, with the folders of administrators' tools in `PATH`, and messages in English.
    static var lab: CommandEnvironment {
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
        return .inherited(changing: ["PATH": "\(path):/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"])
    }
}
