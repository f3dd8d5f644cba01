extension Record {
    /// Reads one record from its canonical line and checks that its id is its own.
    public init(reading line: [UInt8]) throws(RecordError) {
        try self.init(reading: line, in: 0..<line.count)
    }

    /// Reads the record that is the given range of `bytes`: one line of a shard.
    public init(reading bytes: [UInt8], in range: Range<Int>) throws(RecordError) {
        var parts = Parts()
        do {
            var reader = JSONReader(bytes, in: range)
            try reader.object { reader, key throws(JSONError) in try parts.read(key, from: &reader) }
            try reader.end()
        } catch {
            throw RecordError("the record is not readable: \(error)")
        }
        guard let id = parts.id, let kind = parts.kind else { throw RecordError("the record has no id or no kind") }
        if let problem = parts.problem { throw RecordError("record \(id.short): \(problem)") }
        self.init(
            told: id, kind: kind, text: parts.text, segments: parts.segments, sources: parts.sources, parents: parts.parents,
            fields: parts.fields, cites: parts.cites, evidence: parts.evidence)
        let written = written()
        guard written.id == id else {
            throw RecordError("record \(id.short): its content has the id \(written.id.short), so it was altered")
        }
        // Spaces, escapes, order and repeated members are no part of the content that the id stands for.
        guard bytes[range] == written.bytes[...] else {
            throw RecordError("record \(id.short): it is not written canonically")
        }
    }

    private struct Parts {
        var id: RecordID?
        var kind: String?
        var text: [UInt8] = []
        var segments = Segments()
        var sources: [Digest] = []
        var parents: [RecordID] = []
        var fields: [String: JSON] = [:]
        var cites: [String: [Citation]] = [:]
        var evidence: [Citation] = []

        mutating func read(_ key: String, from reader: inout JSONReader) throws(JSONError) {
            let start = reader.offset
            switch key {
            case "id": id = try Parts.parse(reader.string(), at: start, "a record id") { RecordID($0) }
            case "kind": kind = try reader.string()
            case "text": text = try reader.stringBytes()
            case "segments":
                var rewritings = RewritingMemo()
                var segments = Segments()
                try reader.array { reader throws(JSONError) in segments.append(try Parts.segment(&reader, &rewritings)) }
                self.segments = segments
            case "sources":
                sources = try Parts.list(&reader) { reader throws(JSONError) in
                    let start = reader.offset
                    return try Parts.parse(reader.string(), at: start, "a digest") { Digest($0) }
                }
            case "parents":
                parents = try Parts.list(&reader) { reader throws(JSONError) in
                    let start = reader.offset
                    return try Parts.parse(reader.string(), at: start, "a record id") { RecordID($0) }
                }
            case "fields": fields = try reader.value().object ?? [:]
            case "cites":
                var cites: [String: [Citation]] = [:]
                try reader.object { reader, field throws(JSONError) in cites[field] = try Parts.citations(&reader) }
                self.cites = cites
            case "evidence": evidence = try Parts.citations(&reader)
            default: throw JSONError("a record has no member \"\(key)\"", at: start)
            }
        }

        /// What makes the parts no record, whatever their id: whoever reads a record may add up its lengths and look up
        /// its sources without asking again.
        var problem: String? {
            if let offset = UTF8Scan.firstMalformed(text) { return "its text is not valid UTF-8 at byte \(offset)" }
            var end = 0
            for (index, segment) in segments.enumerated() {
                guard segment.length > 0, segment.length <= text.count - end else {
                    return "segment \(index) has \(segment.length) bytes, where \(text.count - end) of the text are left"
                }
                end += segment.length
                if segment.source == Segment.noSource
                    ? segment.offset != 0 || segment.sourceLength != 0 : !isSound(segment.citation)
                {
                    return "segment \(index) names no bytes of its sources"
                }
            }
            if end != text.count { return "its segments cover \(end) of \(text.count) bytes" }
            let cited = cites.sorted { $0.key < $1.key } + [("evidence", evidence)]
            return cited.first { !$0.value.allSatisfy(isSound) }.map { "\($0.key) names no bytes of its sources" }
        }

        /// Whether a citation names one of the sources, and bytes that a source can have.
        private func isSound(_ citation: Citation?) -> Bool {
            guard let citation, sources.indices.contains(citation.source) else { return false }
            return citation.range.checked(within: JSON.largestInteger) != nil
        }

        private static func citations(_ reader: inout JSONReader) throws(JSONError) -> [Citation] {
            try list(&reader) { reader throws(JSONError) in
                let start = reader.offset
                let numbers = try list(&reader) { reader throws(JSONError) in try reader.integer() }
                guard numbers.count == 3 else { throw JSONError("expected [source, offset, length]", at: start) }
                return Citation(source: numbers[0], range: ByteRange(start: numbers[1], length: numbers[2]))
            }
        }

        private static func segment(_ reader: inout JSONReader, _ memo: inout RewritingMemo) throws(JSONError) -> Segment {
            var segment = Segment.synthetic(length: 0)
            var index = 0
            let start = reader.offset
            try reader.array { reader throws(JSONError) in
                switch index {
                case 0: segment.length = try reader.integer()
                case 1: segment.source = try reader.integer()
                case 2: segment.offset = try reader.integer()
                case 3: segment.sourceLength = try reader.integer()
                case 4:
                    let start = reader.offset
                    segment.mode = try parse(reader.string(), at: start, "a segment's mode") { memo.mode($0) }
                default: throw JSONError("a segment has five elements", at: reader.offset)
                }
                index += 1
            }
            guard index == 5 else { throw JSONError("a segment has five elements", at: start) }
            return segment
        }

        private static func list<Element>(
            _ reader: inout JSONReader, _ element: (inout JSONReader) throws(JSONError) -> Element
        ) throws(JSONError) -> [Element] {
            var out: [Element] = []
            try reader.array { reader throws(JSONError) in out.append(try element(&reader)) }
            return out
        }

        private static func parse<Value>(
            _ text: String, at offset: Int, _ what: String, _ parse: (String) -> Value?
        ) throws(JSONError) -> Value {
            guard let value = parse(text) else { throw JSONError("\"\(text)\" is not \(what)", at: offset) }
            return value
        }
    }

    /// A record's segments repeat a handful of modes; each is parsed once.
    private struct RewritingMemo {
        private var known: [String: Segment.Mode] = ["verbatim": .verbatim, "synthetic": .synthetic]

        mutating func mode(_ text: String) -> Segment.Mode? {
            if let mode = known[text] { return mode }
            let mode = Segment.Mode(text)
            known[text] = mode
            return mode
        }
    }
}

/// Why some bytes are no record, or not the record they claim to be.
public struct RecordError: Error, Equatable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
