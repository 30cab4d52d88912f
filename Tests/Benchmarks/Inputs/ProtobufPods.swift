/// A list of pods as the API server sends it in protobuf, of about 7 KB each, most of which nobody looks at: managed
/// fields, annotations, environments, volumes. The same at every call.
struct ProtobufPods {
    let count: Int

    private static let managedFields = String(
        repeating: #""f:spec":{"f:containers":{"k:":{"f:image":{}}}},"#, count: 60)
    private static let annotation = String(repeating: "checksum/config: 5f4dcc3b5aa765d61d8327deb882cf99 ", count: 12)

    /// Writes the body of the list, unless the file is there.
    func write(to path: String) throws(BenchmarkError) {
        try makeFile(path) { (file: inout FileWriter) throws(BenchmarkError) in
            var length = 0
            for index in 0..<count { length += pod(index).bytes.count }
            // A first pass tells the length of the whole, which stands before it; the pods are the same again.
            var head = ProtobufMessage()
            head.message(1) { typeMeta in
                typeMeta.text(1, "v1")
                typeMeta.text(2, "PodList")
            }
            var list = ProtobufMessage()
            list.message(1) { $0.text(2, "1000000") }
            head.header(2, length: list.bytes.count + length)
            try file.write([0x6B, 0x38, 0x73, 0x00])
            try file.write(head.bytes)
            try file.write(list.bytes)
            for index in 0..<count { try file.write(pod(index).bytes) }
            var tail = ProtobufMessage()
            tail.text(3, "")
            tail.text(4, "")
            try file.write(tail.bytes)
        }
    }

    /// A pod as a field of the list.
    private func pod(_ index: Int) -> ProtobufMessage {
        // In the order of namespace and name, as a list has them: twenty pods of a Deployment follow one another.
        let workload = index / 20
        let application = "application-\(workload)"
        let replicaSet = "\(application)-6f7d9c5b4"
        var random = SplitMix64(seed: UInt64(index))
        var pod = ProtobufMessage()
        pod.message(1) { metadata in
            metadata.text(1, "\(replicaSet)-\(random.name(5))")
            metadata.text(2, "\(replicaSet)-")
            metadata.text(3, "namespace-\(workload / 50)")
            metadata.text(5, random.uid())
            metadata.text(6, "\(100_000 + index)")
            metadata.message(8) { $0.integer(1, 1_795_403_000) }
            metadata.entry(11, "app.kubernetes.io/instance", application)
            metadata.entry(11, "app.kubernetes.io/managed-by", "Helm")
            metadata.entry(11, "app.kubernetes.io/name", application)
            metadata.entry(11, "app.kubernetes.io/version", "1.20.3")
            metadata.entry(11, "pod-template-hash", "6f7d9c5b4")
            metadata.entry(12, "example.com/rollout", Self.annotation)
            metadata.message(13) { owner in
                owner.text(1, "ReplicaSet")
                owner.text(3, replicaSet)
                owner.text(4, "0a1b2c3d-0000-4000-8000-\(100_000_000_000 + workload)")
                owner.text(5, "apps/v1")
                owner.integer(6, 1)
                owner.integer(7, 1)
            }
            metadata.message(17) { fields in
                fields.text(1, "kubelet")
                fields.message(7) { $0.text(1, Self.managedFields) }
            }
        }
        pod.message(2) { spec in self.spec(&spec, index, application) }
        pod.message(3) { status in self.status(&status, index, application, &random) }
        var item = ProtobufMessage()
        item.message(2, pod)
        return item
    }

    private func spec(_ spec: inout ProtobufMessage, _ index: Int, _ application: String) {
        for volume in 0..<4 {
            spec.message(1) { message in
                message.text(1, "volume-\(volume)")
                message.message(2) { $0.text(19, "projected from the service account, a config map and a secret") }
            }
        }
        for container in 0..<2 {
            spec.message(2) { message in
                message.text(1, container == 0 ? application : "sidecar")
                message.text(2, "registry.example.com/team/\(container == 0 ? application : "sidecar"):1.20.3")
                message.message(6) { port in
                    port.text(1, "http")
                    port.integer(2, 0)
                    port.integer(3, 8080 + container)
                    port.text(4, "TCP")
                    port.text(5, "")
                }
                for variable in 0..<12 {
                    message.message(7) { entry in
                        entry.text(1, "ENVIRONMENT_VARIABLE_\(variable)")
                        entry.text(2, "a value that nobody reads, \(variable)")
                    }
                }
                message.message(11) { probe in
                    probe.message(1) { handler in
                        handler.message(2) { get in
                            get.text(1, "/ready")
                            get.message(2) { port in
                                port.integer(1, 1)
                                port.integer(2, 0)
                                port.text(3, "http")
                            }
                            get.text(3, "")
                            get.text(4, "HTTP")
                        }
                    }
                    probe.integer(4, 10)
                }
            }
        }
        spec.text(3, "Always")
        spec.text(10, "node-\(index % 1000).eu-central-1.compute.internal")
        spec.integer(11, 0)
    }

    private func status(
        _ status: inout ProtobufMessage,
        _ index: Int,
        _ application: String,
        _ random: inout SplitMix64
    ) {
        let node = index % 1000
        let address = "10.\(index >> 16 & 255).\(index >> 8 & 255).\(index & 255)"
        status.text(1, "Running")
        for type in ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"] {
            status.message(2) { condition in
                condition.text(1, type)
                condition.text(2, "True")
                condition.message(4) { $0.integer(1, 1_795_403_005) }
            }
        }
        status.text(5, "192.168.\(node >> 8).\(node & 255)")
        status.text(6, address)
        status.message(7) { $0.integer(1, 1_795_403_000) }
        for container in [application, "sidecar"] {
            let identifier = random.hexadecimal(64)
            status.message(8) { message in
                message.text(1, container)
                message.message(2) { state in
                    state.message(2) { running in running.message(1) { $0.integer(1, 1_795_403_005) } }
                }
                message.text(6, "registry.example.com/team/\(container):1.20.3")
                message.text(7, "registry.example.com/team/\(container)@sha256:\(identifier)")
                message.text(8, "containerd://\(identifier)")
            }
        }
        status.message(12) { $0.text(1, address) }
    }
}
