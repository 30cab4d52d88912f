import FirewallRules

/// Docker Engine's bridge networks, in iptables and since 29 in nftables. `DOCKER-USER` is the user's own.
enum DockerRules: RuleWriter {
    static func owns(chain: String, table: String?) -> Bool {
        if table == "docker-bridges" { return true }
        return chain != "DOCKER-USER" && (chain == "DOCKER" || chain.utf8.starts(with: "DOCKER-".utf8))
    }

    static func attribution(of place: DropPlace, pods: PodInterfaces) -> Attribution {
        let reason: String? =
            switch place.chain.name {
            case "DOCKER": "port not published"
            case "DOCKER-ISOLATION-STAGE-1", "DOCKER-ISOLATION-STAGE-2": "between Docker networks"
            case "DOCKER-INTERNAL": "internal Docker network"
            default: nil
            }
        return Attribution(writer: .docker, reason: place.comments.isEmpty ? reason : nil)
    }
}
