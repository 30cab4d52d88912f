import Drops
import Testing

@Suite("Who wrote a rule")
struct AttributionTests {
    @Test("writers are named as their own documentation names them")
    func names() {
        #expect(Attribution.Writer.kubeProxy.rawValue == "kube-proxy")
        #expect(Attribution.Writer.awsVPC.rawValue == "aws-vpc-cni")
    }
}
