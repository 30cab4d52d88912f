/// The cluster's objects as `kubectl get KIND -A -o json` prints them: a List, four spaces a level, sorted keys.
struct InventoryDocuments {
    let cluster: SyntheticCluster

    /// Writes one file a kind into `folder` unless they are there; returns their paths.
    func write(to folder: String) throws(BenchmarkError) -> [String] {
        let kinds: [(String, Int, (Int) -> String)] = [
            ("nodes", cluster.nodes.count, node),
            ("pods", cluster.pods.count, pod),
            ("services", cluster.workloads.count, service),
            ("endpointslices", cluster.workloads.count, endpointSlice),
            ("replicasets", cluster.workloads.count, replicaSet),
        ]
        var paths: [String] = []
        for (kind, count, document) in kinds {
            let path = "\(folder)/\(kind).json"
            try makeFile(path) { (file: inout FileWriter) throws(BenchmarkError) in
                try file.write("{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n")
                for index in 0..<count {
                    try file.write(document(index) + (index + 1 < count ? ",\n" : "\n"))
                }
                try file.write(
                    "    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n"
                )
            }
            paths.append(path)
        }
        return paths
    }

    private func node(_ index: Int) -> String {
        let node = cluster.nodes[index]
        return """
                    {
                        "apiVersion": "v1",
                        "kind": "Node",
                        "metadata": {
                            "creationTimestamp": "2026-11-23T03:17:51Z",
                            "labels": {
                                "kubernetes.io/arch": "amd64",
                                "kubernetes.io/hostname": "\(node.name)",
                                "kubernetes.io/os": "linux",
                                "topology.kubernetes.io/region": "eu-1",
                                "topology.kubernetes.io/zone": "eu-1\(["a", "b", "c"][index % 3])"
                            },
                            "name": "\(node.name)",
                            "resourceVersion": "\(1000 + index)",
                            "uid": "\(node.uid)"
                        },
                        "spec": {
                            "podCIDR": "\(node.podRange)",
                            "podCIDRs": [
                                "\(node.podRange)"
                            ]
                        },
                        "status": {
                            "addresses": [
                                {
                                    "address": "\(node.address)",
                                    "type": "InternalIP"
                                },
                                {
                                    "address": "\(node.name)",
                                    "type": "Hostname"
                                }
                            ],
                            "daemonEndpoints": {
                                "kubeletEndpoint": {
                                    "Port": 10250
                                }
                            },
                            "nodeInfo": {
                                "architecture": "amd64",
                                "containerRuntimeVersion": "containerd://2.1.4",
                                "kernelVersion": "6.1.0-37-amd64",
                                "kubeletVersion": "v1.34.1",
                                "operatingSystem": "linux",
                                "osImage": "Debian GNU/Linux 12 (bookworm)"
                            }
                        }
                    }
            """
    }

    private func service(_ index: Int) -> String {
        let workload = cluster.workloads[index]
        return """
                    {
                        "apiVersion": "v1",
                        "kind": "Service",
                        "metadata": {
                            "creationTimestamp": "2026-11-23T03:18:15Z",
                            "name": "\(workload.service)",
                            "namespace": "\(workload.namespace)",
                            "resourceVersion": "\(2000 + index)",
                            "uid": "\(workload.uid)"
                        },
                        "spec": {
                            "clusterIP": "\(workload.clusterIP)",
                            "clusterIPs": [
                                "\(workload.clusterIP)",
                                "\(workload.clusterIPv6)"
                            ],
                            "internalTrafficPolicy": "Cluster",
                            "ipFamilies": [
                                "IPv4",
                                "IPv6"
                            ],
                            "ipFamilyPolicy": "RequireDualStack",
                            "ports": [
                                {
                                    "name": "main",
                                    "nodePort": \(30000 + index),
                                    "port": \(workload.port),
                                    "protocol": "\(index == 0 ? "UDP" : "TCP")",
                                    "targetPort": \(workload.targetPort)
                                }
                            ],
                            "selector": {
                                "app": "\(workload.name)"
                            },
                            "sessionAffinity": "None",
                            "type": "NodePort"
                        },
                        "status": {
                            "loadBalancer": {}
                        }
                    }
            """
    }

    private func endpointSlice(_ index: Int) -> String {
        let workload = cluster.workloads[index]
        let endpoints = workload.pods.map { number in
            let pod = cluster.pods[number]
            return """
                            {
                                "addresses": [
                                    "\(pod.address)"
                                ],
                                "conditions": {
                                    "ready": true,
                                    "serving": true,
                                    "terminating": false
                                },
                                "nodeName": "\(cluster.nodes[pod.node].name)",
                                "targetRef": {
                                    "kind": "Pod",
                                    "name": "\(pod.name)",
                                    "namespace": "\(workload.namespace)",
                                    "uid": "\(pod.uid)"
                                }
                            }
                """
        }
        return """
                    {
                        "addressType": "IPv4",
                        "apiVersion": "discovery.k8s.io/v1",
                        "endpoints": [
            \(endpoints.joined(separator: ",\n"))
                        ],
                        "kind": "EndpointSlice",
                        "metadata": {
                            "creationTimestamp": "2026-11-23T03:18:15Z",
                            "labels": {
                                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
                                "kubernetes.io/service-name": "\(workload.service)"
                            },
                            "name": "\(workload.service)-x\(index)",
                            "namespace": "\(workload.namespace)",
                            "resourceVersion": "\(3000 + index)"
                        },
                        "ports": [
                            {
                                "name": "main",
                                "port": \(workload.targetPort),
                                "protocol": "\(index == 0 ? "UDP" : "TCP")"
                            }
                        ]
                    }
            """
    }

    private func replicaSet(_ index: Int) -> String {
        let workload = cluster.workloads[index]
        return """
                    {
                        "apiVersion": "apps/v1",
                        "kind": "ReplicaSet",
                        "metadata": {
                            "creationTimestamp": "2026-11-23T03:18:15Z",
                            "labels": {
                                "app": "\(workload.name)"
                            },
                            "name": "\(workload.replicaSet)",
                            "namespace": "\(workload.namespace)",
                            "ownerReferences": [
                                {
                                    "apiVersion": "apps/v1",
                                    "blockOwnerDeletion": true,
                                    "controller": true,
                                    "kind": "Deployment",
                                    "name": "\(workload.name)",
                                    "uid": "\(workload.uid)"
                                }
                            ],
                            "resourceVersion": "\(4000 + index)",
                            "uid": "\(workload.replicaSetUID)"
                        },
                        "spec": {
                            "replicas": \(SyntheticCluster.replicas),
                            "selector": {
                                "matchLabels": {
                                    "app": "\(workload.name)"
                                }
                            }
                        },
                        "status": {
                            "replicas": \(SyntheticCluster.replicas)
                        }
                    }
            """
    }
}
