import CYAML

/// The events that libyaml reads from a text, one by one.
///
/// libyaml counts characters; its marks are turned into byte offsets of the text here and nowhere else.
final class YAMLEvents {
    struct Event {
        var kind: Kind
        /// Bytes of the text.
        var range: Range<Int>
        var anchor: String?
        var tag: String?
    }

    enum Kind {
        case documentStart, documentEnd, streamEnd
        case alias
        case scalar(text: String, style: YAMLScalar.Style)
        case sequenceStart(isFlow: Bool), sequenceEnd
        case mappingStart(isFlow: Bool), mappingEnd
        /// What says nothing about the document.
        case other
    }

    private let source: SourceText
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private var isReady: Bool

    /// - Parameter source: must be valid UTF-8 of characters that YAML allows.
    init(_ source: SourceText) {
        self.source = source
        // libyaml reads from this address until the parser is deleted.
        input = .allocate(capacity: max(1, source.bytes.count))
        _ = input.initialize(from: source.bytes)
        parser = .allocate(capacity: 1)
        isReady = yaml_parser_initialize(parser) == 1
        if isReady {
            yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(parser, input.baseAddress, source.bytes.count)
        }
    }

    deinit {
        if isReady { yaml_parser_delete(parser) }
        parser.deallocate()
        input.deallocate()
    }

    /// The next event. After the end of the stream, or a fault, there is none to ask for.
    func next() throws(YAMLSyntaxFault) -> Event {
        guard isReady else { throw YAMLSyntaxFault.outOfMemory }
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw fault }
        defer { yaml_event_delete(&event) }
        let start = offset(event.start_mark)
        let range = start..<max(start, offset(event.end_mark))
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: return Event(kind: .documentStart, range: range)
        case YAML_DOCUMENT_END_EVENT: return Event(kind: .documentEnd, range: range)
        case YAML_STREAM_END_EVENT: return Event(kind: .streamEnd, range: range)
        case YAML_ALIAS_EVENT: return Event(kind: .alias, range: range, anchor: text(event.data.alias.anchor))
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let kind = Kind.scalar(text: String(decoding: bytes, as: UTF8.self), style: style(scalar.style))
            return Event(kind: kind, range: range, anchor: text(scalar.anchor), tag: text(scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            let sequence = event.data.sequence_start
            return Event(
                kind: .sequenceStart(isFlow: sequence.style == YAML_FLOW_SEQUENCE_STYLE), range: range,
                anchor: text(sequence.anchor), tag: text(sequence.tag))
        case YAML_SEQUENCE_END_EVENT: return Event(kind: .sequenceEnd, range: range)
        case YAML_MAPPING_START_EVENT:
            let mapping = event.data.mapping_start
            return Event(
                kind: .mappingStart(isFlow: mapping.style == YAML_FLOW_MAPPING_STYLE), range: range,
                anchor: text(mapping.anchor), tag: text(mapping.tag))
        case YAML_MAPPING_END_EVENT: return Event(kind: .mappingEnd, range: range)
        default: return Event(kind: .other, range: range)
        }
    }

    private var fault: YAMLSyntaxFault {
        let state = parser.pointee
        if state.error == YAML_MEMORY_ERROR { return YAMLSyntaxFault.outOfMemory }
        return YAMLSyntaxFault(
            problem: state.problem.map { String(cString: $0) } ?? "",
            context: state.context.map { String(cString: $0) } ?? "",
            offset: offset(state.problem_mark), contextOffset: offset(state.context_mark), in: source)
    }

    private func offset(_ mark: yaml_mark_t) -> Int { source.offset(ofCharacter: Int(clamping: mark.index)) }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_PLAIN_SCALAR_STYLE: .plain
        case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
        default: .quoted
        }
    }
}
