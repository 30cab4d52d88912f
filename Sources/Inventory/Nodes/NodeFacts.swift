/// What decides whether a node takes a collector, and which. Of a Node (core/v1).
package struct NodeFacts: Hashable, Sendable {
    /// One of `spec.taints`.
    package struct Taint: Hashable, Sendable {
        package let key: String
        package let value: String
        /// "NoSchedule", "PreferNoSchedule" or "NoExecute".
        package let effect: String

        package init(key: String, value: String = "", effect: String) {
            self.key = key
            self.value = value
            self.effect = effect
        }
    }

    /// One of `status.conditions`.
    package struct Condition: Hashable, Sendable {
        /// "Ready", "DiskPressure", …
        package let type: String
        /// "True", "False" or "Unknown".
        package let status: String
        package let reason: String
        package let message: String

        package init(type: String, status: String, reason: String = "", message: String = "") {
            self.type = type
            self.status = status
            self.reason = reason
            self.message = message
        }
    }

    package var name: String
    package var labels: [String: String]
    package var taints: [Taint]
    package var conditions: [Condition]
    /// `spec.unschedulable`: cordoned.
    package var isUnschedulable: Bool
    /// `status.nodeInfo.operatingSystem`: "linux", "windows"; "" when it is not told, as for the other texts.
    package var operatingSystem: String
    /// `status.nodeInfo.architecture`: "amd64", "arm64", …
    package var architecture: String
    /// `status.nodeInfo.containerRuntimeVersion`: "containerd://1.7.2".
    package var containerRuntimeVersion: String
    /// `status.nodeInfo.kubeletVersion`: "v1.36.2".
    package var kubeletVersion: String
    /// `status.images[].names`, only where they were asked for.
    package var imageNames: [String]
    /// `status.declaredFeatures`.
    package var declaredFeatures: [String]

    package init(
        name: String,
        labels: [String: String] = [:],
        taints: [Taint] = [],
        conditions: [Condition] = [],
        isUnschedulable: Bool = false,
        operatingSystem: String = "",
        architecture: String = "",
        containerRuntimeVersion: String = "",
        kubeletVersion: String = "",
        imageNames: [String] = [],
        declaredFeatures: [String] = []
    ) {
        self.name = name
        self.labels = labels
        self.taints = taints
        self.conditions = conditions
        self.isUnschedulable = isUnschedulable
        self.operatingSystem = operatingSystem
        self.architecture = architecture
        self.containerRuntimeVersion = containerRuntimeVersion
        self.kubeletVersion = kubeletVersion
        self.imageNames = imageNames
        self.declaredFeatures = declaredFeatures
    }
}
