// swift-tools-version: 6.2
import PackageDescription

/// The dialect of the whole package; a language rule holds in every target or in none.
let dialect: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]

/// Joining and the collector's frames are optimized in debug builds too: tests count their allocations, and unoptimized
/// code allocates where the compiler's own frames do not fit the stack.
let hotPath: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
    name: "kubectl-netviz",
    products: [
        .executable(name: "kubectl-netviz", targets: ["kubectl-netviz"]),
        .executable(name: "netviz-collector", targets: ["netviz-collector"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(
            name: "CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]
        ),
        .systemLibrary(
            name: "CNetfilterConntrack",
            pkgConfig: "libnetfilter_conntrack",
            providers: [.apt(["libnetfilter-conntrack-dev"])]
        ),
        .target(name: "NetModel"),
        .target(name: "Secrets"),
        .target(name: "Hashing"),
        .target(name: "TerminalText"),
        .target(name: "WebSocket", dependencies: ["Hashing", "Secrets", "TerminalText"]),
        .target(name: "KubernetesAPI", dependencies: ["JSONText", "Secrets", "TerminalText", "WebSocket"]),
        .target(name: "HTTPTransport", dependencies: ["CCurl", "Secrets"]),
        .target(name: "ConntrackText", dependencies: ["NetModel"]),
        .target(name: "JSONText"),
        .target(name: "YAMLText", dependencies: ["CYAML", "JSONText"]),
        .target(name: "ProtobufReader"),
        .target(name: "Inventory", dependencies: ["NetModel", "JSONText", "ProtobufReader"]),
        .target(name: "Kubeconfig", dependencies: ["Secrets", "JSONText", "YAMLText", subprocess]),
        .target(name: "FlowGraph", dependencies: ["NetModel", "Inventory"], swiftSettings: hotPath),
        .target(name: "FirewallRules", dependencies: ["NetModel", "JSONText"]),
        .target(name: "Drops", dependencies: ["Hashing", "NetModel", "FirewallRules"]),
        .target(name: "CollectorProtocol", dependencies: ["NetModel"], swiftSettings: hotPath),
        .target(name: "Conntrack", dependencies: ["NetModel", "CNetfilterConntrack"]),
        .target(name: "CollectorCore", dependencies: ["NetModel", "CollectorProtocol"]),
        .target(
            name: "CollectorSystem",
            dependencies: ["NetModel", "CollectorProtocol", "CollectorCore", "Conntrack"]
        ),
        .executableTarget(name: "netviz-collector", dependencies: ["CollectorSystem"]),
        .target(name: "CollectorClient", dependencies: ["NetModel", "CollectorProtocol"]),
        .target(
            name: "KubernetesClient",
            dependencies: [
                "HTTPTransport", "Inventory", "JSONText", "Kubeconfig", "KubernetesAPI", "NetModel", "Secrets",
                "WebSocket",
            ]),
        .target(
            name: "CollectorPods",
            dependencies: [
                "CollectorClient", "HTTPTransport", "JSONText", "KubernetesAPI", "KubernetesClient", "TextCollector",
            ]),
        .target(
            name: "TextCollector",
            dependencies: ["NetModel", "ConntrackText", "CollectorProtocol", "CollectorCore", "CollectorClient"]
        ),
        .target(
            name: "Rendering",
            dependencies: [
                "NetModel", "Inventory", "FlowGraph", "FirewallRules", "Drops", "JSONText", "TerminalText", "YAMLText",
            ]),
        .target(
            name: "NetvizCommands",
            dependencies: [
                "NetModel", "ConntrackText", "FirewallRules", "JSONText", "Inventory", "FlowGraph", "Drops",
                "CollectorProtocol", "CollectorClient", "CollectorPods", "HTTPTransport", "Kubeconfig", "KubernetesAPI",
                "KubernetesClient", "Rendering", "Secrets", "TerminalText", "TextCollector", argumentParser, subprocess,
                .target(name: "CMalloc", condition: .when(platforms: [.linux])),
            ]
        ),
        .executableTarget(name: "kubectl-netviz", dependencies: ["NetvizCommands"]),
        .executableTarget(
            name: "netviz-bench",
            dependencies: ["NetModel", "ConntrackText", "JSONText", "Inventory", "FlowGraph", "CollectorProtocol"],
            path: "Tests/Benchmarks",
            exclude: ["Table"]
        ),
        .executableTarget(
            name: "netviz-bench-table",
            path: "Tests/Benchmarks/Table",
            linkerSettings: [.linkedLibrary("netfilter_conntrack")]
        ),

        .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
        .target(name: "CNetworkNamespace", path: "Tests/CNetworkNamespace"),
        .target(name: "TestSupport", dependencies: ["CAllocationCount", subprocess], path: "Tests/TestSupport"),
        .testTarget(name: "ClusterCommandTests", dependencies: ["kubectl-netviz", "TestSupport"]),
        .testTarget(name: "FakeAPIServerTests", dependencies: ["TestSupport"]),
        .testTarget(
            name: "CollectorCoreTests",
            dependencies: ["CollectorCore", "CollectorProtocol", "NetModel"]
        ),
        .testTarget(
            name: "CollectorSystemTests",
            dependencies: [
                "netviz-collector", "kubectl-netviz", "CollectorClient", "CollectorCore", "CollectorProtocol",
                "CollectorSystem", "Conntrack", "FlowGraph", "Inventory", "NetModel", "NetvizCommands", "TestSupport",
            ],
            exclude: ["Programs"]
        ),
        .testTarget(
            name: "CollectorClientTests",
            dependencies: ["CollectorClient", "CollectorProtocol", "NetModel"]
        ),
        .testTarget(name: "CollectorPodsTests", dependencies: ["CollectorPods", "JSONText", "TestSupport"]),
        .testTarget(
            name: "TextCollectorTests",
            dependencies: [
                "netviz-collector", "CollectorClient", "CollectorProtocol", "FlowGraph", "NetModel", "NetvizCommands",
                "Rendering", "TestSupport", "TextCollector",
            ]
        ),
        .testTarget(name: "NetModelTests", dependencies: ["NetModel"]),
        .testTarget(name: "SecretsTests", dependencies: ["Secrets"]),
        .testTarget(name: "HashingTests", dependencies: ["Hashing"]),
        .testTarget(name: "TerminalTextTests", dependencies: ["TerminalText"]),
        .testTarget(name: "WebSocketTests", dependencies: ["Secrets", "TestSupport", "WebSocket"]),
        .testTarget(
            name: "KubernetesAPITests",
            dependencies: ["JSONText", "KubernetesAPI", "Secrets", "TestSupport", "WebSocket"],
            exclude: ["Goldens"]
        ),
        .testTarget(
            name: "HTTPTransportTests",
            dependencies: ["HTTPTransport", "Secrets", "TestSupport"],
            exclude: ["Programs"]
        ),
        .testTarget(name: "CollectorProtocolTests", dependencies: ["CollectorProtocol", "NetModel", "TestSupport"]),
        .testTarget(name: "ConntrackTextTests", dependencies: ["ConntrackText", "NetModel", "TestSupport"]),
        .testTarget(
            name: "ConntrackTests",
            dependencies: [
                "Conntrack", "CNetfilterConntrack", "CNetworkNamespace", "ConntrackText", "NetModel", "TestSupport",
            ],
            exclude: ["Programs"]
        ),
        .testTarget(name: "JSONTextTests", dependencies: ["JSONText", "YAMLText"]),
        .testTarget(name: "ProtobufReaderTests", dependencies: ["ProtobufReader"]),
        .testTarget(
            name: "KubeconfigTests",
            dependencies: [
                "kubectl-netviz", "Kubeconfig", "JSONText", "NetvizCommands", "Secrets", "TestSupport", "YAMLText",
                argumentParser,
            ],
            exclude: ["Programs"]
        ),
        .testTarget(name: "InventoryTests", dependencies: ["Inventory", "NetModel", "JSONText", "TestSupport"]),
        .testTarget(name: "FirewallRulesTests", dependencies: ["FirewallRules", "NetModel", "TestSupport"]),
        .testTarget(
            name: "DropsTests",
            dependencies: ["Drops", "FirewallRules", "NetModel", "TestSupport"],
            exclude: ["Rulesets"]
        ),
        .testTarget(name: "FlowGraphTests", dependencies: ["FlowGraph", "Inventory", "NetModel", "TestSupport"]),
        .testTarget(
            name: "RenderingTests",
            dependencies: ["Rendering", "FirewallRules", "Drops", "FlowGraph", "Inventory", "NetModel", "TestSupport"],
            exclude: ["Goldens"]
        ),
        .testTarget(name: "CommandTests", dependencies: ["kubectl-netviz", "TestSupport"], exclude: ["Goldens"]),
        .testTarget(
            name: "LabTests",
            dependencies: ["kubectl-netviz", "netviz-collector", "CollectorProtocol", "TestSupport"],
            exclude: ["Fixtures", "Programs"]
        ),
        .testTarget(name: "E2ETests", dependencies: ["kubectl-netviz", "TestSupport"]),
    ]
)

// Fuzz targets need libFuzzer's runtime and its flag, so they exist only for scripts/fuzz.
if Context.environment["NETVIZ_FUZZ"] == "1" {
    package.targets += [
        .target(name: "FuzzSupport", dependencies: ["JSONText"], path: "Tests/Fuzz/Support"),
        .executableTarget(
            name: "FuzzCollectorProtocol",
            dependencies: ["CollectorProtocol"],
            path: "Tests/Fuzz/FuzzCollectorProtocol"
        ),
        .executableTarget(
            name: "FuzzBundle",
            dependencies: ["CollectorProtocol"],
            path: "Tests/Fuzz/FuzzBundle"
        ),
        .executableTarget(
            name: "FuzzExec",
            dependencies: ["KubernetesAPI", "WebSocket"],
            path: "Tests/Fuzz/FuzzExec"
        ),
        .executableTarget(name: "FuzzIPAddress", dependencies: ["NetModel"], path: "Tests/Fuzz/FuzzIPAddress"),
        .executableTarget(
            name: "FuzzConntrackText",
            dependencies: ["ConntrackText", "NetModel"],
            path: "Tests/Fuzz/FuzzConntrackText"
        ),
        .executableTarget(
            name: "FuzzConntrack",
            dependencies: ["Conntrack", "NetModel"],
            path: "Tests/Fuzz/FuzzConntrack"
        ),
        .executableTarget(
            name: "FuzzJSONText",
            dependencies: ["JSONText", "FuzzSupport"],
            path: "Tests/Fuzz/FuzzJSONText"
        ),
        .executableTarget(
            name: "FuzzInventory",
            dependencies: ["Inventory", "JSONText", "NetModel", "FuzzSupport"],
            path: "Tests/Fuzz/FuzzInventory"
        ),
        .executableTarget(
            name: "FuzzProtobufReader",
            dependencies: ["ProtobufReader"],
            path: "Tests/Fuzz/FuzzProtobufReader"
        ),
        .executableTarget(
            name: "FuzzListDecoder",
            dependencies: ["Inventory", "NetModel"],
            path: "Tests/Fuzz/FuzzListDecoder"
        ),
        .executableTarget(
            name: "FuzzWatchDecoder",
            dependencies: ["Inventory", "NetModel"],
            path: "Tests/Fuzz/FuzzWatchDecoder"
        ),
        .executableTarget(
            name: "FuzzFirewallRules",
            dependencies: ["FirewallRules"],
            path: "Tests/Fuzz/FuzzFirewallRules"
        ),
    ]
}

let cTargets: Set = ["CAllocationCount", "CNetworkNamespace", "netviz-bench-table"]
for target in package.targets where target.type != .system && !cTargets.contains(target.name) {
    target.swiftSettings = (target.swiftSettings ?? []) + dialect
}
