import WebSocket

/// A generator that gives one number for ever, so that masks are known.
struct FixedMask: RandomNumberGenerator, Sendable {
    let mask: UInt32
    func next() -> UInt64 { UInt64(mask) }
}

/// What a reader made of a stream.
struct FrameReading: Equatable {
    enum Item: Equatable {
        case message(WebSocketOpcode, [UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close(UInt16, String)
    }

    var items: [Item] = []
    /// Of a message that has not ended.
    var open: [UInt8]?
    var error: WebSocketError?

    /// Reads `bytes` in pieces of the lengths that `length` gives.
    init(_ bytes: [UInt8], limit: Int = FrameReader.longestFrame, length: () -> Int) {
        var reader = FrameReader(limit: limit)
        var rest = bytes[...]
        while !rest.isEmpty, error == nil {
            let piece = Array(rest.prefix(max(length(), 1)))
            rest = rest.dropFirst(piece.count)
            take(piece, &reader)
        }
    }

    private mutating func take(_ piece: [UInt8], _ reader: inout FrameReader) {
        var position = 0
        do throws(WebSocketError) {
            while let event = try reader.next(in: piece.span, from: &position) {
                switch event {
                case .data(let data):
                    if data.beginsMessage { open = [] }
                    open?.append(contentsOf: piece[data.range])
                    if data.endsMessage, let message = open {
                        items.append(.message(data.opcode, message))
                        open = nil
                    }
                case .ping(let payload): items.append(.ping(payload))
                case .pong(let payload): items.append(.pong(payload))
                case .close(let close): items.append(.close(close.code, close.reason))
                }
            }
        } catch {
            self.error = error
        }
    }
}

/// A frame as a server sends it.
func frame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
    let length: [UInt8] =
        switch payload.count {
        case 0..<126: [UInt8(payload.count)]
        case 126..<65536: [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: [127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> (8 * $0)) }
        }
    return [(isFinal ? 0x80 : 0) | opcode] + length + payload
}
