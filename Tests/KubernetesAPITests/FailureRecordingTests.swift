import KubernetesAPI
import TestSupport
import Testing

@Suite("What a real API server refused")
struct FailureRecordingTests {
    @Test("is told as Goldens/failures.txt says, all of it")
    func messages() throws {
        var text = ""
        for name in try ["auth", "errors", "psa", "proxy"].flatMap({ try HTTPRecording.names($0) }) {
            let recording = try HTTPRecording(name)
            guard recording.code >= 300 else { continue }
            let failure = APIFailure(recording.response, asked: recording.asked)
            #expect(failure.code == recording.code)
            text += "\(name)\n" + indented(failure.description, "  ")
            if let explanation = failure.explanation {
                text += indented(explanation.meaning, "  = ") + indented(explanation.remedy ?? "", "  > ")
            }
        }
        expectGolden(text, at: "Tests/KubernetesAPITests/Goldens/failures.txt")
    }

    private func indented(_ text: String, _ indent: String) -> String {
        text.split(separator: "\n").map { "\(indent)\($0)\n" }.joined()
    }

    @Test("is read the same as a Status of its own code and reason", arguments: try HTTPRecording.names("errors"))
    func codes(name: String) throws {
        let recording = try HTTPRecording(name)
        guard recording.code >= 300, recording.response.mediaType == "application/json" else { return }
        let status = try #require(Status(json: recording.body))
        #expect(status.code == recording.code)
        #expect(!status.reason.isEmpty)
        #expect(status.outcome == .failure)
    }

    @Test("in protobuf is taken from whoever can read it")
    func protobuf() throws {
        let recording = try HTTPRecording("errors/403-protobuf-accept.http")
        #expect(recording.response.isProtobuf)
        #expect(recording.body.prefix(4) == [0x6B, 0x38, 0x73, 0])
        let status = Status(code: 403, reason: "Forbidden", message: "nodes is forbidden: User \"u\" cannot list")
        let read = APIFailure(recording.response, asked: recording.asked, status: status)
        #expect(read.origin == .server)
        #expect(read.description == "Error from server (Forbidden): nodes is forbidden: User \"u\" cannot list")
    }

    @Test("tells apart what is not there, what is unknown, what is too old and what must wait")
    func kinds() throws {
        func failure(_ name: String) throws -> APIFailure {
            let recording = try HTTPRecording("errors/\(name).http")
            return APIFailure(recording.response, asked: recording.asked)
        }
        let missing = try failure("404-pod")
        #expect(missing.isNotFound && !missing.isUnknownResource)
        for name in ["404-group", "404-resource"] {
            let unknown = try failure(name)
            #expect(!unknown.isNotFound && unknown.isUnknownResource)
        }
        let expired = try failure("410-expired-continue")
        #expect(expired.isExpired)
        #expect(expired.status.continueToken.hasPrefix("eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEs"))
        let late = try failure("504-rv-too-large")
        #expect(late.isWorthRetrying)
        #expect(late.retryAfterSeconds == 1)
        #expect(late.status.causes.first?.reason == "ResourceVersionTooLarge")
        #expect(try !failure("504-rv-exact-future").isWorthRetrying)
        #expect(try failure("401-bad-token").isUnauthorized)
    }
}
