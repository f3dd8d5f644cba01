public import HeadwaterModel
public import HeadwaterPluginKit

/// Finds what a document says: quotations with their speakers, dates, quantities, named entities, and its main claims.
public struct Extract: Stage {
    public static let declaration = PluginDeclaration(
        name: "extract", version: "3",
        summary: "Quotations with speakers, dates, quantities, entities and claims, each traced to its bytes.",
        inputs: [.init("documents")], rounds: .apply,
        parameters: [
            ParameterDeclaration(
                "kinds", .list(of: .text), default: .array(kindNames.map(JSON.string)),
                help: "Kinds of records to emit: " + kindNames.joined(separator: ", ")),
            ParameterDeclaration(
                "language", .text, default: "",
                help: "Language of all documents, as an ISO 639-1 code; empty for what each document says"),
        ],
        emits: kindNames)

    private static let kindNames = ["quotation", "date", "quantity", "entity", "claim"]

    private let kinds: Set<Finding.Kind>
    private let language: String

    public init(parameters: Parameters) throws {
        var kinds: Set<Finding.Kind> = []
        for (element, name) in parameters.texts("kinds").enumerated() {
            guard let kind = Finding.Kind(rawValue: name) else {
                throw StageError(
                    "there is no kind '\(name)' to extract; expected one of \(Self.kindNames.joined(separator: ", "))",
                    parameter: "kinds", element: element)
            }
            kinds.insert(kind)
        }
        self.kinds = kinds
        language = parameters.text("language")
    }

    public func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        for document in partition["documents"] {
            let traced = try document.text()
            for finding in findings(in: traced.bytes, of: document) {
                var draft = RecordDraft(kind: finding.kind.rawValue, text: traced[finding.range], parents: [document.id])
                for (name, value) in finding.fields { draft.set(name, value) }
                for (field, range) in finding.cites {
                    if let value = draft.fields[field] { draft.set(field, value, citing: traced[range]) }
                }
                for (field, elements) in finding.lists {
                    draft.set(field, .array(elements.map(\.value)), citing: elements.flatMap { traced[$0.range].hull })
                }
                try output.emit(draft)
            }
        }
    }

    /// Everything of the wanted kinds that a document's text holds, in text order.
    private func findings(in bytes: [UInt8], of document: InputRecord) -> [Finding] {
        let tag = language.isEmpty ? document.fields["language"]?.string ?? "en" : language
        let published = document.fields["published"]?.string.flatMap(CalendarDate.init(iso:))
        let reading = DocumentReading(AnnotatedText(bytes), published: published, isEnglish: isEnglish(tag), language: tag)
        return reading.findings().filter { kinds.contains($0.kind) }.sorted()
    }

    /// Whether the tag is that of English.
    private func isEnglish(_ tag: String) -> Bool {
        tag.prefix(2).lowercased() == "en" && !(tag.utf8.count > 2 && tag.utf8.dropFirst(2).first != UInt8(ascii: "-"))
    }
}

extension TracedText {
    /// The source bytes from the first to the last one behind the text: one place, so that the places of a list are as many
    /// as its elements.
    fileprivate var hull: [(source: Digest, range: ByteRange)] {
        guard var hull = citations.first else { return [] }
        for citation in citations where citation.source == hull.source {
            let (start, end) = (min(hull.range.start, citation.range.start), max(hull.range.end ?? 0, citation.range.end ?? 0))
            hull.range = ByteRange(start: start, length: end - start)
        }
        return [hull]
    }
}
