public import HeadwaterModel

/// One piece of a text that a plugin out of process puts together: bytes of an input record, bytes after a rule, or
/// words of its own. The engine builds the text from the pieces itself, so that no plugin can claim an origin.
public enum TextPiece: Sendable, Equatable {
    /// Bytes of an input record's text, after these normalisations.
    case slice(Slice, rules: [Rewriting.Rule])
    /// A separator or label that has no source.
    case literal(String)
    /// Words that the plugin made up out of what these slices say.
    case generated(String, evidence: [Slice])

    /// A byte range of an input record's text.
    public struct Slice: Sendable, Equatable {
        /// Nil for the only record that the text is made from.
        public var record: RecordID?
        public var range: ByteRange

        public init(record: RecordID?, range: ByteRange) {
            self.record = record
            self.range = range
        }
    }
}

/// Where a field's value was read: bytes of an input record, or wherever a field of it was read.
public enum FieldCite: Sendable, Equatable {
    case slice(TextPiece.Slice)
    case field(record: RecordID?, name: String)
}

extension TextPiece.Slice {
    /// `{"slice":[start,length]}`, with `"from"` where several records could be meant.
    var members: [String: JSON] {
        var out: [String: JSON] = ["slice": [.integer(range.start), .integer(range.length)]]
        if let record { out["from"] = .string(record.description) }
        return out
    }

    init(_ reader: MessageReader) throws(MessageFault) {
        let numbers = try reader.array("slice")
        guard numbers.count == 2, let start = numbers[0].integer, let length = numbers[1].integer, start >= 0, length >= 0,
            start <= JSON.largestInteger, length <= JSON.largestInteger
        else { throw reader.fault("slice", "expected [start, length] in bytes, neither of them negative") }
        self.init(record: try reader.optionalID("from"), range: ByteRange(start: start, length: length))
    }
}

extension TextPiece {
    /// Writes what is read below.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .slice(let slice, let rules):
                if let record = slice.record { writer.member("from", text: record.description) }
                if !rules.isEmpty { writer.member("rule", text: Rewriting(rules).description) }
                writer.key("slice")
                writer.array {
                    $0.integer(slice.range.start)
                    $0.integer(slice.range.length)
                }
            case .literal(let text): writer.member("text", text: text)
            case .generated(let text, let evidence):
                writer.member("evidence", .array(evidence.map { .object($0.members) }))
                writer.member("text", text: text)
            }
        }
    }

    init(_ reader: MessageReader) throws(MessageFault) {
        if reader.has("slice") {
            guard !reader.has("text") else { throw reader.fault("text", "a piece is a slice or a text, not both") }
            var rules: [Rewriting.Rule] = []
            if let text = try reader.optionalString("rule") {
                guard let rewriting = Rewriting(text) else {
                    throw reader.fault(
                        "rule",
                        "there is no rule \"\(text)\"; expected space, entity, escape(json), escape(csv), case(lower), unicode(nfc), unicode(nfkc), ligature, "
                            + "mojibake(windows-1252), mask(email), mask(phone), mask(ip), break(space), break(line), break(paragraph), or several of "
                            + "them joined by +")
                }
                rules = rewriting.rules
            }
            self = .slice(try Slice(reader), rules: rules)
        } else if reader.has("text") {
            let text = try reader.string("text")
            guard reader.has("evidence") else {
                self = .literal(text)
                return
            }
            var evidence: [Slice] = []
            for part in try reader.parts("evidence") { evidence.append(try Slice(part)) }
            guard !evidence.isEmpty else { throw reader.fault("evidence", "a generated text rests on at least one slice") }
            self = .generated(text, evidence: evidence)
        } else {
            throw reader.fault("", "expected \"slice\" or \"text\"")
        }
    }
}

extension FieldCite {
    var json: JSON {
        switch self {
        case .slice(let slice): return .object(slice.members)
        case .field(let record, let name):
            var members: [String: JSON] = ["field": .string(name)]
            if let record { members["from"] = .string(record.description) }
            return .object(members)
        }
    }

    init(_ reader: MessageReader) throws(MessageFault) {
        if reader.has("field") {
            self = .field(record: try reader.optionalID("from"), name: try reader.string("field"))
        } else {
            self = .slice(try TextPiece.Slice(reader))
        }
    }
}
