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
        let source = digest(of: record.id, 0)
        origins[source] = .text(record.id)
        var sources = [source]
        var cites: [String: [Citation]] = [:]
        for (number, name) in record.cited.sorted().enumerated() {
            let field = digest(of: record.id, number + 1)
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

    /// No digest of anything, but as unlike others as the record's id is: that, then a number as the remaining bytes.
    private static func digest(of id: RecordID, _ number: Int) -> Digest {
        var bytes = id.bytes
        for position in stride(from: Digest.byteCount - bytes.count - 1, through: 0, by: -1) {
            bytes.append(position < 8 ? UInt8(truncatingIfNeeded: number >> (8 * position)) : 0)
        }
        return bytes.withUnsafeBytes { Digest($0, at: 0) }
    }
}

extension RecordDraft {
    /// The draft as the message that emits it.
    ///
    /// - Throws: `StageError` for a text whose origin is no input of the task.
    func emission(_ origins: [Digest: ToldRecord.Origin]) throws -> PluginMessage.Emission {
        var pieces: [TextPiece] = []
        // A record's generated parts rest on the same together, so that each of them names all of it.
        let grounds = try evidence.map { cite in
            guard case .text(let record)? = origins[cite.source] else {
                throw StageError("a generated text rests on what is no text of the task's input")
            }
            return TextPiece.Slice(record: record, range: cite.range)
        }
        var start = 0
        for segment in text.segments {
            let part = text.bytes[start..<start + segment.length]
            start += segment.length
            guard segment.source != Segment.noSource else {
                let words = String(decoding: part, as: UTF8.self)
                if segment.mode == .synthetic {
                    pieces.append(.literal(words))
                } else if grounds.isEmpty {
                    throw StageError("a generated text needs something that it rests on: say what with rest(on:)")
                } else {
                    pieces.append(.generated(words, evidence: grounds))
                }
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
