import HeadwaterModel
import HeadwaterPluginKit

/// Makes the document of a line of JSON or of a table's row: which of its bytes are the text, and what else it says.
struct LineDocument {
    /// The fields that may hold the text, the first that is there counts.
    let text: [String]
    let carried: [String]

    /// Where a value stands in the line, and how it is written there.
    private struct Value {
        var range: Range<Int>
        var escape: Escape?
    }

    /// Emits the document of a line, or drops it where it has no text.
    func describeLine(_ source: RetrievedSource, _ bytes: [UInt8], to output: any StageOutput) throws {
        let names = (text + carried).map { Array($0.utf8) }
        let read = bytes.withUnsafeBytes { bytes in
            Result { () throws(JSONFields.Fault) in try JSONFields(bytes, names: names) }
        }
        let fields: JSONFields
        switch read {
        case .success(let found): fields = found
        case .failure(let fault):
            output.drop(LineDocument.drop(source, "malformed", "\(fault.reason) at byte \(fault.offset)"))
            return
        }
        var found: (name: String, range: Range<Int>)?
        for (name, value) in zip(text, fields.values) {
            guard found == nil, case .text(let range)? = value else { continue }
            found = (name, range)
        }
        guard let found else {
            output.drop(LineDocument.drop(source, "no-text", "it has no text in \(LineDocument.listed(text))"))
            return
        }
        var others: [(String, Value)] = []
        for (name, value) in zip(carried, fields.values.dropFirst(text.count)) {
            switch value {
            case .text(let range)?: others.append((name, Value(range: range, escape: .json)))
            case .literal(let range)? where !bytes[range].elementsEqual("null".utf8): others.append((name, Value(range: range)))
            default: break
            }
        }
        let hasEscapes = bytes[found.range].contains(UInt8(ascii: "\\"))
        let value = Value(range: found.range, escape: hasEscapes ? .json : nil)
        try emit(source, bytes, .utf8, found.name, value, others, to: output)
    }

    /// Emits the document of a row.
    func describeRow(_ source: RetrievedSource, _ bytes: [UInt8], to output: any StageOutput) throws {
        guard let delimiter = source.facts[MemberFact.delimiter]?.utf8.first,
            let column = source.facts[MemberFact.textColumn].flatMap(Int.init),
            let charset = source.facts[MemberFact.charset].flatMap({ Charset(label: $0) })
        else { throw StageError("the row \(source.locator) comes without its table's columns") }
        let fields = TableRow(bytes, delimiter: delimiter).fields
        guard column < fields.count else {
            output.drop(
                LineDocument.drop(source, "no-text", "it has only \(fields.count) fields, and the text is field \(column + 1)"))
            return
        }
        func value(_ column: Int) -> Value { Value(range: fields[column].range, escape: fields[column].hasEscapes ? .csv : nil) }
        var others: [(String, Value)] = []
        for name in carried {
            guard let column = source.facts[MemberFact.column + name].flatMap(Int.init), column < fields.count,
                !fields[column].range.isEmpty
            else { continue }
            others.append((name, value(column)))
        }
        let name = source.facts[MemberFact.textName] ?? ""
        try emit(source, bytes, charset, name, value(column), others, to: output)
    }

    private func emit(
        _ source: RetrievedSource, _ bytes: [UInt8], _ charset: Charset, _ name: String, _ text: Value,
        _ others: [(String, Value)], to output: any StageOutput
    ) throws {
        var draft = RecordDraft(describing: source, fields: ["locator": .string(source.locator)])
        for (name, value) in others where !["locator", "mediaType", "charset", "part", "escape"].contains(name) {
            draft.set(
                name, .string(LineDocument.string(bytes, value, charset)), citing: [(source.digest, ByteRange(value.range))])
        }
        draft.set("charset", .string(charset.name))
        draft.set("part", .array([.integer(text.range.lowerBound), .integer(text.range.count)]))
        if let escape = text.escape { draft.set("escape", .string(escape.rawValue)) }
        let head = LineDocument.string(bytes, Value(range: text.range.prefix(2048), escape: text.escape), charset)
        let isNamedHTML = name.lowercased().contains("html")
        draft.set("mediaType", .string(isNamedHTML ? MediaType.html : MediaType.of(Array(head.utf8), declared: nil, locator: "")))
        let id = try output.emit(draft)
        if let cause = source.facts[MemberFact.truncated] {
            output.note(Note(id, kind: "container", reason: "truncated", details: ["cause": .string(cause)]))
        }
    }

    private static func string(_ bytes: [UInt8], _ value: Value, _ charset: Charset) -> String {
        let text = charset.decode(Array(bytes[value.range]), isStart: false).text
        return String(decoding: value.escape?.decode(text) ?? text, as: UTF8.self)
    }

    /// A source without a document.
    static func drop(_ source: RetrievedSource, _ reason: String, _ message: String) -> Drop {
        let draft = RecordDraft(describing: source, fields: ["locator": .string(source.locator)])
        return Drop(
            draft.sealed().id, reason: reason, details: ["locator": .string(source.locator), "message": .string(message)])
    }

    private static func listed(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}
