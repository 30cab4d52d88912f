import CYAML

/// What libyaml finds in a text, one after another.
struct YAMLEvent {
    enum Kind {
        case streamEnd
        case documentStart, documentEnd
        case scalar(String, isPlain: Bool)
        case sequenceStart, sequenceEnd
        case mappingStart, mappingEnd
        case alias
        case other
    }

    let kind: Kind
    /// The anchor that is set, or that an alias refers to; empty for none.
    let anchor: String
    /// Empty for none.
    let tag: String
    /// Counted from 1.
    let line: Int
}

/// libyaml's parser and its memory, which is freed with this object.
@safe final class YAMLParser {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) throws(YAMLError) {
        unsafe text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = unsafe text.initialize(from: bytes)
        unsafe parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        // Zeros first, so that freeing is right even after a failed initialization.
        unsafe parser.initialize(to: yaml_parser_t())
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            throw YAMLError(reason: .syntax("libyaml: out of memory"), line: 1)
        }
        // libyaml takes no null address, even for no bytes.
        unsafe yaml_parser_set_input_string(
            parser, text.baseAddress ?? UnsafeMutablePointer(bitPattern: 1), bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe text.deallocate()
    }

    func next() throws(YAMLError) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { unsafe yaml_event_delete(&event) }
        let (kind, anchor, tag) = unsafe content(of: event)
        return YAMLEvent(kind: kind, anchor: anchor, tag: tag, line: unsafe event.start_mark.line + 1)
    }

    private func content(of event: yaml_event_t) -> (YAMLEvent.Kind, anchor: String, tag: String) {
        switch unsafe event.type {
        case YAML_STREAM_END_EVENT: return (.streamEnd, "", "")
        case YAML_DOCUMENT_START_EVENT: return (.documentStart, "", "")
        case YAML_DOCUMENT_END_EVENT: return (.documentEnd, "", "")
        case YAML_ALIAS_EVENT: return unsafe (.alias, string(event.data.alias.anchor), "")
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let value = unsafe String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
            return unsafe (.scalar(value, isPlain: isPlain), string(scalar.anchor), string(scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe event.data.sequence_start
            return unsafe (.sequenceStart, string(start.anchor), string(start.tag))
        case YAML_SEQUENCE_END_EVENT: return (.sequenceEnd, "", "")
        case YAML_MAPPING_START_EVENT:
            let start = unsafe event.data.mapping_start
            return unsafe (.mappingStart, string(start.anchor), string(start.tag))
        case YAML_MAPPING_END_EVENT: return (.mappingEnd, "", "")
        default: return (.other, "", "")
        }
    }

    private func string(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String {
        guard let bytes = unsafe bytes else { return "" }
        return unsafe String(cString: bytes)
    }

    private func failure() -> YAMLError {
        let state = unsafe parser.pointee
        guard let problem = unsafe state.problem else {
            return YAMLError(reason: .syntax("libyaml: out of memory"), line: 1)
        }
        let message = unsafe String(cString: problem)
        guard unsafe state.error == YAML_READER_ERROR else {
            return YAMLError(reason: .syntax(message), line: unsafe state.problem_mark.line + 1)
        }
        // What cannot be decoded has an offset only.
        let before = unsafe text.prefix(max(0, min(text.count, state.problem_offset)))
        return YAMLError(reason: .syntax(message), line: unsafe before.count { $0 == 0x0A } + 1)
    }
}
