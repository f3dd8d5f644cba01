import HeadwaterModel

/// How a stage in a process of its own sees records: each text counts as a source of its own, so that whatever the stage
/// cuts out of it is a slice of that record, and each field whose place is known counts as one more.
///
/// The engine, which knows the true sources, puts its own map behind the slices.
enum ToldRecord {
    /// What a made-up source stands for.
    enum Origin: Equatable {
        case text(RecordID)
        case field(RecordID, name: String)
    }

    /// The record as an input of a stage.
    static func input(_ record: WireRecord, _ origins: inout [Digest: Origin]) -> InputRecord {
        let source = digest(of: record.id, "text")
        origins[source] = .text(record.id)
        var sources = [source]
        var cites: [String: [Citation]] = [:]
        for name in record.cited.sorted() {
            let field = digest(of: record.id, "field " + name)
            origins[field] = .field(record.id, name: name)
            cites[name] = [Citation(source: sources.count, range: ByteRange(start: 0, length: 1))]
            sources.append(field)
        }
        let text = record.text ?? []
        let segments =
            text.isEmpty ? [] : [Segment(length: text.count, source: 0, offset: 0, sourceLength: text.count, mode: .verbatim)]
        let told = Record(
            told: record.id, kind: record.kind, text: text, segments: segments, sources: sources,
            parents: record.parents, fields: record.fields, cites: cites)
        let isText = record.text != nil
        return InputRecord(told) { told in
            guard isText else { throw StageError("record \(told.id.short) is not text") }
            return TracedText(told)
        }
    }

    private static func digest(of id: RecordID, _ what: String) -> Digest { Digest(of: id.bytes + Array(what.utf8)) }
}

extension RecordDraft {
    /// The draft as the message that emits it.
    ///
    /// - Throws: `StageError` for a text whose origin is no input of the task.
    func emission(_ origins: [Digest: ToldRecord.Origin]) throws -> PluginMessage.Emission {
        var pieces: [TextPiece] = []
        var start = 0
        for segment in text.segments {
            let part = text.bytes[start..<start + segment.length]
            start += segment.length
            guard segment.source != Segment.noSource else {
                guard segment.mode == .synthetic else {
                    throw StageError("a stage in a process of its own cannot emit generated text in this version")
                }
                pieces.append(.literal(String(decoding: part, as: UTF8.self)))
                continue
            }
            guard case .text(let record)? = origins[text.sources[segment.source]] else {
                throw StageError("a text that comes from no input of the task")
            }
            var rules: [Rewriting.Rule] = []
            if case .rewritten(let rewriting) = segment.mode { rules = rewriting.rules }
            let range = ByteRange(start: segment.offset, length: segment.sourceLength)
            pieces.append(.slice(.init(record: record, range: range), rules: rules))
        }
        var places: [String: [FieldCite]] = [:]
        for (name, cites) in cites {
            places[name] = try cites.map { cite in
                switch origins[cite.source] {
                case .text(let record): .slice(.init(record: record, range: cite.range))
                case .field(let record, let field): .field(record: record, name: field)
                case nil: throw StageError("the field \(name) cites what is no input of the task")
                }
            }
        }
        return PluginMessage.Emission(kind: kind, parents: parents, text: pieces, fields: fields, cites: places)
    }
}
