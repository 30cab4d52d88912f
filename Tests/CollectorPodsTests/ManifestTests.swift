import CollectorPods
import JSONText
import Testing

@Suite("What a run creates")
struct ManifestTests {
    let run = RunIdentity(id: "b2c4d5f6g7")

    @Test("is a pod with the least privilege that reading a node's tables takes")
    func pod() throws {
        let pod = CollectorPod(
            name: "netviz-x2z4",
            run: run,
            node: "worker-1.example",
            image: "registry.k8s.io/kube-proxy:v1.36.2",
            pullPolicy: "IfNotPresent",
            command: ["conntrack", "-E", "expect"],
            owner: CollectorPod.Owner(name: run.anchorName, uid: "u-1"),
            deadline: 900,
            expires: "2026-11-23T12:00:00Z"
        )
        #expect(
            String(decoding: pod.document.bytes, as: UTF8.self) == """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"netviz-x2z4",\
                "labels":{"app.kubernetes.io/name":"netviz-collector","app.kubernetes.io/managed-by":"kubectl-netviz",\
                "netviz.dev/run":"b2c4d5f6g7","sidecar.istio.io/inject":"false"},\
                "annotations":{"netviz.dev/node":"worker-1.example","netviz.dev/expires":"2026-11-23T12:00:00Z",\
                "linkerd.io/inject":"disabled","cluster-autoscaler.kubernetes.io/safe-to-evict":"true"},\
                "ownerReferences":[{"apiVersion":"batch/v1","kind":"Job","name":"netviz-b2c4d5f6g7","uid":"u-1"}]},\
                "spec":{"nodeName":"worker-1.example","os":{"name":"linux"},"hostNetwork":true,"restartPolicy":"Never",\
                "terminationGracePeriodSeconds":1,"activeDeadlineSeconds":900,"automountServiceAccountToken":false,\
                "enableServiceLinks":false,"tolerations":[{"operator":"Exists"}],"containers":[{"name":"collector",\
                "image":"registry.k8s.io/kube-proxy:v1.36.2","imagePullPolicy":"IfNotPresent",\
                "command":["conntrack","-E","expect"],"securityContext":{"runAsUser":0,\
                "allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,\
                "capabilities":{"drop":["ALL"],"add":["NET_ADMIN","NET_RAW"]},\
                "seccompProfile":{"type":"RuntimeDefault"}}}]}}
                """
        )
    }

    @Test("is a Job that starts no pod and goes with all it owns when its deadline passes")
    func anchor() {
        let job = AnchorJob(run: run).document
        #expect(job["metadata"]?["name"] == "netviz-b2c4d5f6g7")
        #expect(job["spec"]?["parallelism"] == 0)
        #expect(job["spec"]?["activeDeadlineSeconds"] == 100)
        let jobOfOld = AnchorJob(run: run, wantsPod: true).document
        #expect(jobOfOld["spec"]?["parallelism"] == 1)
        #expect(jobOfOld["spec"]?["activeDeadlineSeconds"] == 42)

        #expect(job["spec"]?["template"]?["spec"]?["schedulerName"] == "kubectl-netviz-never")
        #expect(job["spec"]?["ttlSecondsAfterFinished"] == 0)
        #expect(AnchorJob.postponement(to: 95) == ["spec": ["activeDeadlineSeconds": 95]])
        #expect(AnchorJob.deletion["propagationPolicy"] == "Background")
    }

    @Test("bears a name that no other run has")
    func names() {
        var random = SystemRandomNumberGenerator()
        let ids = Set((0..<1000).map { _ in RunIdentity(using: &random).id })
        #expect(ids.count == 1000)
        #expect(ids.allSatisfy { $0.count == 10 && $0.allSatisfy { "bcdfghjklmnpqrstvwxz2456789".contains($0) } })
    }
}
