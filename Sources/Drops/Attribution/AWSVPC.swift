import FirewallRules

/// The Amazon VPC plugin's chains; its network policies are enforced in eBPF and not seen here.
enum AWSVPCRules: RuleWriter {
    static func owns(chain: String, table: String?) -> Bool {
        chain.utf8.starts(with: "AWS-".utf8)
    }

    static func attribution(of place: DropPlace, pods: PodInterfaces) -> Attribution {
        Attribution(writer: .awsVPC)
    }
}
