/// Which images a pod runs, and where. Of a Pod (core/v1).
package struct PodImages: Hashable, Sendable {
    package var namespace: String
    package var name: String
    /// "" while the pod is not scheduled.
    package var nodeName: String
    /// "Pending", "Running", "Succeeded", "Failed" or "Unknown".
    package var phase: String
    /// The label `k8s-app`, "" without it.
    package var application: String
    /// `spec.containers[].image`, as the pod asks for them.
    package var images: [String]

    package init(
        namespace: String,
        name: String,
        nodeName: String = "",
        phase: String = "",
        application: String = "",
        images: [String] = []
    ) {
        self.namespace = namespace
        self.name = name
        self.nodeName = nodeName
        self.phase = phase
        self.application = application
        self.images = images
    }
}
