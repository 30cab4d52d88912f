/// Netlink messages made by hand, for what no kernel here sends. Headers are in the order of the machine, little-endian.
enum Message {
    static func header(type: UInt16, flags: UInt16 = 2, payload: [UInt8]) -> [UInt8] {
        little(UInt32(16 + payload.count)) + little(type) + little(flags) + little(UInt32(1)) + little(UInt32(0))
            + payload
    }

    /// NLMSG_ERROR with the request's header behind the number.
    static func error(_ number: Int32) -> [UInt8] {
        header(type: 2, payload: little(number) + [UInt8](repeating: 0, count: 16))
    }

    /// NLMSG_DONE
    static func done(_ number: Int32) -> [UInt8] {
        header(type: 3, payload: little(number))
    }

    /// An entry of a dump: TCP from 10.0.0.1:1000 to 10.0.0.2:80, with more attributes.
    static func entry(type: UInt16 = 0x100, flags: UInt16 = 2, _ attributes: [UInt8]...) -> [UInt8] {
        let nfgenmsg: [UInt8] = [2, 0, 0, 0]
        let tuples =
            attribute(1, tuple(source: [10, 0, 0, 1], 1000, destination: [10, 0, 0, 2], 80))
            + attribute(2, tuple(source: [10, 0, 0, 2], 80, destination: [10, 0, 0, 1], 1000))
        return header(type: type, flags: flags, payload: nfgenmsg + tuples + attributes.flatMap { $0 })
    }

    /// What CTA_TUPLE_ORIG and CTA_TUPLE_REPLY hold.
    static func tuple(source: [UInt8], _ sourcePort: UInt16, destination: [UInt8], _ destinationPort: UInt16) -> [UInt8]
    {
        attribute(1, attribute(1, source) + attribute(2, destination))
            + attribute(2, attribute(1, [6]) + attribute(2, big(sourcePort)) + attribute(3, big(destinationPort)))
    }

    /// An attribute, padded to four bytes.
    static func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
        return little(UInt16(4 + value.count)) + little(type) + value + padding
    }

    static func big(_ number: some FixedWidthInteger) -> [UInt8] {
        little(number).reversed()
    }

    private static func little(_ number: some FixedWidthInteger) -> [UInt8] {
        stride(from: 0, to: number.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
