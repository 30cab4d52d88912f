import CYAML
import JSONText

/// libyaml's emitter and its memory, which is freed with this object.
///
/// It is a class because libyaml keeps the address that its output handler gets.
@safe final class YAMLEmitter {
    private let emitter: UnsafeMutablePointer<yaml_emitter_t>
    private let sink: ByteSink
    private var sinkError: (any Error)?

    init(sink: @escaping ByteSink) throws(DocumentWriterError) {
        self.sink = sink
        unsafe emitter = UnsafeMutablePointer<yaml_emitter_t>.allocate(capacity: 1)
        // Zeros first, so that freeing is right even after a failed initialization.
        unsafe emitter.initialize(to: yaml_emitter_t())
        guard unsafe yaml_emitter_initialize(emitter) == 1 else { throw .library("libyaml: out of memory") }
        unsafe yaml_emitter_set_output(
            emitter,
            { context, bytes, count in
                guard let context = unsafe context, let bytes = unsafe bytes else { return 0 }
                let emitter = unsafe Unmanaged<YAMLEmitter>.fromOpaque(context).takeUnretainedValue()
                return unsafe emitter.pass(UnsafeBufferPointer(start: bytes, count: count)) ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
        unsafe yaml_emitter_set_unicode(emitter, 1)
        // No line is folded, as kubectl folds none.
        unsafe yaml_emitter_set_width(emitter, -1)
        unsafe try emit { unsafe yaml_stream_start_event_initialize($0, YAML_UTF8_ENCODING) }
    }

    deinit {
        unsafe yaml_emitter_delete(emitter)
        unsafe emitter.deallocate()
    }

    /// Makes an event and gives it to the emitter, which frees it in any case.
    private func emit(_ make: (UnsafeMutablePointer<yaml_event_t>) -> Int32) throws(DocumentWriterError) {
        var event = unsafe yaml_event_t()
        guard unsafe make(&event) == 1 else { throw .library("libyaml: out of memory") }
        guard unsafe yaml_emitter_emit(emitter, &event) == 1 else { throw failure() }
    }

    func beginDocument() throws(DocumentWriterError) {
        unsafe try emit { unsafe yaml_document_start_event_initialize($0, nil, nil, nil, 1) }
    }

    func endDocument() throws(DocumentWriterError) {
        unsafe try emit { unsafe yaml_document_end_event_initialize($0, 1) }
        guard unsafe yaml_emitter_flush(emitter) == 1 else { throw failure() }
    }

    func beginMapping() throws(DocumentWriterError) {
        unsafe try emit { unsafe yaml_mapping_start_event_initialize($0, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE) }
    }

    func endMapping() throws(DocumentWriterError) {
        unsafe try emit { unsafe yaml_mapping_end_event_initialize($0) }
    }

    func beginSequence() throws(DocumentWriterError) {
        unsafe try emit { unsafe yaml_sequence_start_event_initialize($0, nil, nil, 1, YAML_BLOCK_SEQUENCE_STYLE) }
    }

    func endSequence() throws(DocumentWriterError) {
        unsafe try emit { unsafe yaml_sequence_end_event_initialize($0) }
    }

    func scalar(_ text: String, quoted: Bool) throws(DocumentWriterError) {
        let style = quoted ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE
        guard let count = Int32(exactly: text.utf8.count) else { throw .library("libyaml: a string of over 2 GiB") }
        let bytes = Array(text.utf8)
        unsafe try emit { event in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                // libyaml takes no null address, even for no bytes.
                guard let start = bytes.baseAddress else {
                    var none: UInt8 = 0
                    return unsafe yaml_scalar_event_initialize(event, nil, nil, &none, 0, 1, 1, style)
                }
                return unsafe yaml_scalar_event_initialize(event, nil, nil, start, count, 1, 1, style)
            }
        }
    }

    private func pass(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        do {
            try unsafe sink(bytes.span)
            return true
        } catch {
            sinkError = error
            return false
        }
    }

    private func failure() -> DocumentWriterError {
        if let sinkError { return .sink(sinkError) }
        guard let problem = unsafe emitter.pointee.problem else { return .library("libyaml: out of memory") }
        return unsafe .library("libyaml: \(String(cString: problem))")
    }
}
