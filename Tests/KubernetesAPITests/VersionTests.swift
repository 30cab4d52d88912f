import JSONText
import KubernetesAPI
import Testing

@Suite("The version of an API server")
struct VersionTests {
    @Test(
        "is read from gitVersion whatever a provider adds, else from major and minor",
        arguments: [
            (#"{"gitVersion":"v1.36.2"}"#, 1, 36), (#"{"gitVersion":"v1.32.3-gke.100"}"#, 1, 32),
            (#"{"gitVersion":"v1.29.4-eks-036c24b","major":"1","minor":"29+"}"#, 1, 29),
            (#"{"gitVersion":"v1.31+k3s1"}"#, 1, 31), (#"{"gitVersion":"","major":"1","minor":"32+"}"#, 1, 32),
            (#"{"major":1,"minor":21}"#, 1, 21), (#"{"gitVersion":"development","major":"2","minor":"0"}"#, 2, 0),
        ])
    func numbers(document: String, major: Int, minor: Int) throws {
        let version = try #require(ServerVersion(JSONTree(Array(document.utf8))))
        #expect(version.major == major)
        #expect(version.minor == minor)
    }

    @Test(
        "is unknown where there are no numbers",
        arguments: [
            "{}", "[]", "null", #"{"gitVersion":"v1"}"#, #"{"gitVersion":"va.b","major":"x","minor":"3"}"#,
            #"{"gitVersion":"v99999999999999999999.99999999999999999999"}"#, #"{"major":-1,"minor":3}"#,
        ])
    func none(document: String) throws {
        #expect(ServerVersion(try JSONTree(Array(document.utf8))) == nil)
    }

    @Test("is compared by its numbers, and older ones than 1.21 are not supported")
    func order() {
        let version = ServerVersion(major: 1, minor: 30, gitVersion: "v1.30.1\u{1B}[0m")
        #expect(version.isAtLeast(minor: 30))
        #expect(!version.isAtLeast(minor: 31))
        #expect(ServerVersion(major: 2, minor: 0, gitVersion: "").isAtLeast(minor: 40))
        #expect(!version.isTooOld)
        #expect(ServerVersion(major: 1, minor: 20, gitVersion: "").isTooOld)
        #expect("\(version)" == "v1.30.1^[[0m")
        #expect("\(ServerVersion(major: 1, minor: 20, gitVersion: ""))" == "v1.20")
    }
}
