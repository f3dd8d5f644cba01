public import HeadwaterModel
public import HeadwaterPluginKit

/// Writes a brief of many documents in their own words: the sentences that most of the corpus agrees are central, each
/// cut from its document, so that every byte keeps its origin.
public struct Summarize: Stage {
    public static let declaration = PluginDeclaration(
        name: "summarize", version: "1", summary: "Choose the sentences that sum up a set of documents",
        inputs: [.init("documents"), .init("annotations", optional: true)], rounds: .group,
        parameters: [
            ParameterDeclaration("sentences", .integer(1...200), default: 8, help: "how many sentences at most"),
            ParameterDeclaration(
                "redundancy", .decimal(0.0...1.0), default: .decimal(0.5),
                help: "how alike two chosen sentences may be: 0 for no word in common, 1 for anything"),
        ],
        emits: ["summary"])

    private static let group = "all"

    private let sentences: Int
    private let redundancy: Double

    public init(parameters: Parameters) throws {
        sentences = parameters.integer("sentences")
        redundancy = parameters.decimal("redundancy")
    }

    public func sketch(_ partition: Partition) throws -> [UInt8] {
        let figures = AnnotatedFigures(partition["annotations"])
        return DocumentOutline.encode(try partition["documents"].map { try DocumentOutline($0, figures) })
    }

    public func combine(_ sketches: Sketches) throws -> Combination {
        var pool = SentencePool()
        for partition in 0..<sketches.count {
            for outline in try DocumentOutline.decode(try sketches[partition]) { pool.add(outline, partition: partition) }
        }
        let chosen = SentenceSelection(pool.outlines).chosen(count: sentences, redundancy: redundancy)
        if chosen.isEmpty { return .groups([]) }
        let members = Set(chosen.map(\.document)).sorted().map { id in
            Group.Member(role: "documents", partition: pool.partition(of: id) ?? 0, record: id)
        }
        return .groups([Group(key: Summarize.group, members: members, slice: ChosenSentence.encode(chosen))])
    }

    public func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        let documents = Dictionary(partition["documents"].map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var texts: [RecordID: TracedText] = [:]
        for chosen in try ChosenSentence.decode(slice) {
            guard let document = documents[chosen.document] else {
                throw StageError("the summary cites document \(chosen.document.short), which is not in its group")
            }
            let text = try texts[chosen.document] ?? document.text()
            texts[chosen.document] = text
            try output.emit(try summary(chosen, of: document, text))
        }
    }

    private func summary(_ chosen: ChosenSentence, of document: InputRecord, _ text: TracedText) throws -> RecordDraft {
        guard let range = ByteRange(start: chosen.start, length: chosen.length).checked(within: text.count), !range.isEmpty,
            UTF8Scan.isBoundary(text.bytes, range.lowerBound), UTF8Scan.isBoundary(text.bytes, range.upperBound)
        else { throw StageError("the summary cites bytes that document \(document.id.short) does not have") }
        var draft = RecordDraft(kind: "summary", text: text[range], parents: [document.id])
        for field in ["locator", "title", "site", "published", "language"] {
            if let value = document.fields[field] { draft.set(field, value, citing: document.cite(of: field)) }
        }
        draft.set("rank", .integer(chosen.rank))
        draft.set("score", .integer(chosen.score))
        draft.set("support", .integer(chosen.support))
        draft.set("supportedBy", .array(chosen.supportedBy.map { .string($0) }))
        draft.set("group", .string(Summarize.group))
        if chosen.isDisputed { draft.set("disputed", true) }
        return draft
    }
}
