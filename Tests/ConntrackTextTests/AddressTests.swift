import ConntrackText
import NetModel
import Testing

/// The reader has ways of its own for the two forms that lines are full of; they must agree with NetModel's.
@Suite("An address in a line")
struct AddressTests {
    /// What a line makes of the address; nil when it refuses the line for it.
    private func read(_ text: String) throws -> IPAddress? {
        let family = text.contains(":") ? "fd00::1" : "10.0.0.1"
        do throws(ConntrackTextError) {
            return try entry("unknown 99 5 src=\(text) dst=\(family) src=\(family) dst=\(family) mark=0").original
                .source
        } catch {
            #expect(error.code == .invalidAddress)
            return nil
        }
    }

    @Test(
        "is what it is everywhere",
        arguments: [
            "0.0.0.0", "1.2.3.4", "255.255.255.255", "10.20.30.40", "192.168.100.1", "::", "::1", "fd00:99::2",
            "0000:0000:0000:0000:0000:0000:0000:0000", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "FD00:0099:ABCD:EF01:2345:6789:aBcD:eF01", "0123:4567:89ab:cdef:fedc:ba98:7654:3210",
            "fe80:0:0:0:0:0:0:1", "64:ff9b::192.0.2.33", "1234:1234:1234:1234:1234:1234:1234:1",
        ]
    )
    func valid(text: String) throws {
        #expect(try read(text) == (try address(text)))
    }

    @Test(
        "is refused where it is none",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.04", "1..2.3", "1.2.3.4/24", "1.2.3.4444",
            ":", ":::",
            "1::2::3", "fe80::1%eth0", "1:2:3:4:5:6:7:8:9", "0x7f.1.1.1",
            "0000:0000:0000:0000:0000:0000:0000:000g", "0000:0000:0000:0000:0000:0000:0000:000`",
            "0000:0000:0000:0000:0000:0000:0000:000@", "0000:0000:0000:0000:0000:0000:0000:000/",
            "0000-0000:0000:0000:0000:0000:0000:0000", "0000:0000:0000:0000:0000:0000:0000:00000",
            "0000:0000:0000:0000:0000:0000:0000:000\u{10}", "0000:0000:0000:0000:0000:0000:0000:000:",
        ]
    )
    func invalid(text: String) throws {
        #expect(try read(text) == nil)
    }

    @Test("with any number, and a zero before it, in any of four places is read or refused as NetModel does")
    func anyNumber() throws {
        for place in 0..<4 {
            for number in (0...1000).flatMap({ ["\($0)", "0\($0)"] }) {
                var numbers = ["10", "0", "255", "7"]
                numbers[place] = number
                let text = numbers.joined(separator: ".")
                #expect(try read(text) == IPAddress(text), "\(text)")
            }
        }
    }

    @Test("with any one byte changed is read or refused as NetModel does")
    func anyByte() throws {
        for text in ["fd00:0099:abcd:ef01:2345:6789:0000:0001", "192.168.100.1"] {
            for index in text.utf8.indices {
                for byte in UInt8(0x21)...0x7E where byte != UInt8(ascii: "=") {
                    var bytes = Array(text.utf8)
                    bytes[text.utf8.distance(from: text.startIndex, to: index)] = byte
                    let changed = String(decoding: bytes, as: UTF8.self)
                    let expected = IPAddress(changed)
                    // A change of family makes the line, not the address, wrong.
                    guard expected.map({ $0.isIPv4 == !text.contains(":") }) ?? true else { continue }
                    let source = Reading("unknown 99 5 src=\(changed) dst=\(text) src=\(text) dst=\(text)").entries
                        .first?.original.source
                    #expect(source == expected, "\(changed)")
                }
            }
        }
    }
}
