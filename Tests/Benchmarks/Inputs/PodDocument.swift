extension InventoryDocuments {
    /// A pod with what the API server, the scheduler and the kubelet add to one, 4 KB of text.
    func pod(_ index: Int) -> String {
        let pod = cluster.pods[index]
        let workload = cluster.workloads[pod.workload]
        let node = cluster.nodes[pod.node]
        var random = SplitMix64(seed: UInt64(index))
        let volume = "kube-api-access-\(random.name(5))"
        return """
                    {
                        "apiVersion": "v1",
                        "kind": "Pod",
                        "metadata": {
                            "creationTimestamp": "2026-11-23T03:18:15Z",
                            "generateName": "\(workload.replicaSet)-",
                            "labels": {
                                "app": "\(workload.name)",
                                "pod-template-hash": "\(workload.replicaSet.split(separator: "-").last ?? "")"
                            },
                            "name": "\(pod.name)",
                            "namespace": "\(workload.namespace)",
                            "ownerReferences": [
                                {
                                    "apiVersion": "apps/v1",
                                    "blockOwnerDeletion": true,
                                    "controller": true,
                                    "kind": "ReplicaSet",
                                    "name": "\(workload.replicaSet)",
                                    "uid": "\(workload.replicaSetUID)"
                                }
                            ],
                            "resourceVersion": "\(100_000 + index)",
                            "uid": "\(pod.uid)"
                        },
                        "spec": {
                            "containers": [
                                {
                                    "args": [
                                        "--listen=:\(workload.targetPort)",
                                        "--log=json \\u003e\\u0026 \\"quoted\\""
                                    ],
                                    "image": "registry.example.com/\(workload.namespace)/\(workload.name):1.20.3",
                                    "imagePullPolicy": "IfNotPresent",
                                    "name": "\(workload.name)",
                                    "ports": [
                                        {
                                            "containerPort": \(workload.targetPort),
                                            "name": "main",
                                            "protocol": "\(pod.workload == 0 ? "UDP" : "TCP")"
                                        }
                                    ],
                                    "readinessProbe": {
                                    "failureThreshold": 3,
                                    "periodSeconds": 10,
                                    "successThreshold": 1,
                                    "tcpSocket": {
                                        "port": "main"
                                    },
                                    "timeoutSeconds": 1
                                },
                                "resources": {
                                        "limits": {
                                            "memory": "256Mi"
                                        },
                                        "requests": {
                                            "cpu": "100m",
                                            "memory": "128Mi"
                                        }
                                    },
                                    "volumeMounts": [
                                        {
                                            "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
                                            "name": "\(volume)",
                                            "readOnly": true
                                        }
                                    ]
                                }
                            ],
                            "dnsPolicy": "ClusterFirst",
                            "nodeName": "\(node.name)",
                            "restartPolicy": "Always",
                            "serviceAccountName": "default",
                            "terminationGracePeriodSeconds": 30,
                            "volumes": [
                                {
                                    "name": "\(volume)",
                                    "projected": {
                                        "defaultMode": 420
                                    }
                                }
                            ]
                        },
                        "status": {
                            "conditions": [
                                {
                                    "lastProbeTime": null,
                                    "lastTransitionTime": "2026-11-23T03:18:17Z",
                                    "status": "True",
                                    "type": "Ready"
                                },
                                {
                                    "lastProbeTime": null,
                                    "lastTransitionTime": "2026-11-23T03:18:15Z",
                                    "status": "True",
                                    "type": "PodScheduled"
                                }
                            ],
                            "containerStatuses": [
                                {
                                    "containerID": "containerd://\(random.hexadecimal(64))",
                                    "image": "registry.example.com/\(workload.namespace)/\(workload.name):1.20.3",
                                    "lastState": {},
                                    "name": "\(workload.name)",
                                    "ready": true,
                                    "restartCount": 0,
                                    "started": true,
                                    "state": {
                                        "running": {
                                            "startedAt": "2026-11-23T03:18:17Z"
                                        }
                                    }
                                }
                            ],
                            "hostIP": "\(node.address)",
                            "phase": "Running",
                            "podIP": "\(pod.address)",
                            "podIPs": [
                                {
                                    "ip": "\(pod.address)"
                                },
                                {
                                    "ip": "\(pod.addressV6)"
                                }
                            ],
                            "qosClass": "Burstable",
                            "startTime": "2026-11-23T03:18:15Z"
                        }
                    }
            """
    }
}
