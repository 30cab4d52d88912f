import Secrets
import Testing

@Suite("A secret")
struct SecretTests {
    let secret = Secret("swordfish")

    @Test("gives what it holds only where it is asked to")
    func reveals() {
        #expect(secret.revealText() == "swordfish")
        #expect(secret.reveal() == Array("swordfish".utf8))
        #expect(!secret.isEmpty)
        #expect(Secret("").isEmpty)
    }

    @Test("does not show it in any way of printing")
    func hides() {
        struct Holder { let token: Secret }
        let holder = Holder(token: secret)
        var dumped = ""
        dump(holder, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\(holder)", String(reflecting: holder), dumped] {
            #expect(!text.contains("swordfish"))
        }
        #expect("\(secret)" == "<redacted>")
        #expect(!"\(Mirror(reflecting: secret).children.map { $0 })".contains("115"))
    }
}
