public import HeadwaterModel
public import HeadwaterPluginKit

/// Writes briefs of documents in their own words: the sentences that most of them agree are central, each cut from its
/// document, so that every byte keeps its origin.
public struct Summarize: Stage {
    public static let declaration = PluginDeclaration(
        name: "summarize", version: "2", summary: "Choose the sentences that sum up a set of documents",
        inputs: [.init("documents"), .init("annotations", optional: true)], rounds: .group,
        parameters: SummaryRequest.parameters, emits: ["summary"])

    private let request: SummaryRequest

    public init(parameters: Parameters) throws { request = try SummaryRequest(parameters) }

    public func sketch(_ partition: Partition) throws -> [UInt8] {
        let annotations = Annotations(partition["annotations"])
        let documents = partition["documents"]
        if needsAnnotations && annotations.isEmpty && !documents.isEmpty {
            throw StageError(
                "this summary is made from what `extract` finds, and there is nothing of it: connect it as the second input, "
                    + "`needs: {documents: …, annotations: extract}`")
        }
        let most = request.grouping == .document ? DocumentOutline.mostSentencesAlone : DocumentOutline.mostSentences
        return DocumentOutline.encode(try documents.map { try DocumentOutline($0, annotations, mostSentences: most) })
    }

    /// Whether documents alone do not tell what the summary is about.
    private var needsAnnotations: Bool { request.form == .timeline || request.grouping == .entity }

    public func combine(_ sketches: Sketches) throws -> Combination {
        if request.grouping == .document { return .groups(try eachDocument(sketches)) }
        let groups = try DocumentGroups(sketches, request)
        var out: [Group] = []
        for group in groups.list {
            var pool = SentencePool(request.weights)
            try groups.forEach(in: group) { outline, partition in
                pool.add(wanted(of: outline, in: group), partition: partition)
            }
            let sentences = SummaryForms(pool.outlines, request).sentences()
            if sentences.isEmpty { continue }
            let members = Set(sentences.map(\.document)).sorted().map { id in
                Group.Member(role: "documents", partition: pool.partition(of: id) ?? 0, record: id)
            }
            let chosen = ChosenGroup(name: group.name, terms: group.terms, sentences: sentences)
            out.append(Group(key: group.key, members: members, slice: ChosenGroup.encode([chosen])))
        }
        return .groups(out)
    }

    /// Summaries of single documents, those of a partition together, so that there are no more tasks than partitions.
    private func eachDocument(_ sketches: Sketches) throws -> [Group] {
        var out: [Group] = []
        for partition in 0..<sketches.count {
            var members: [RecordID: ChosenGroup] = [:]
            for outline in try DocumentOutline.decode(try sketches[partition]) {
                let sentences = SummaryForms([wanted(of: outline, in: nil)], request).sentences()
                let name = outline.title.isEmpty ? outline.locator : outline.title
                if !sentences.isEmpty { members[outline.id] = ChosenGroup(name: name, sentences: sentences) }
            }
            let ids = members.keys.sorted()
            guard let first = ids.first else { continue }
            out.append(
                Group(
                    key: "document \(first)",
                    members: ids.map { Group.Member(role: "documents", partition: partition, record: $0) },
                    slice: ChosenGroup.encode(ids.compactMap { members[$0] })))
        }
        return out
    }

    /// What a summary of this form, of this group, can say of a document.
    private func wanted(of outline: DocumentOutline, in group: DocumentGroups.Listed?) -> DocumentOutline {
        var outline = outline
        if request.form == .timeline { outline.sentences.removeAll { $0.dates.isEmpty } }
        if request.grouping == .entity, let group { outline.sentences.removeAll { !$0.names.contains(group.name) } }
        return outline
    }

    public func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        let documents = Dictionary(partition["documents"].map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var texts: [RecordID: TracedText] = [:]
        for group in try ChosenGroup.decode(slice) {
            for chosen in group.sentences where texts[chosen.document] == nil {
                guard let document = documents[chosen.document] else {
                    throw StageError("the summary cites document \(chosen.document.short), which is not in its group")
                }
                texts[chosen.document] = try document.text()
            }
            let name = group.name.isEmpty ? GroupName.words(of: group, in: texts) : group.name
            for chosen in group.sentences {
                guard let document = documents[chosen.document], let text = texts[chosen.document] else { continue }
                let id = try output.emit(try summary(chosen, of: document, text, in: name))
                var details = Dictionary(uniqueKeysWithValues: zip(Merit.names, chosen.merits).map { ($0, JSON.integer($1)) })
                details["worth"] = .integer(chosen.score)
                output.note(Note(id, kind: "score", reason: request.method.rawValue, details: details))
            }
        }
    }

    private func summary(
        _ chosen: ChosenSentence, of document: InputRecord, _ text: TracedText, in group: String
    ) throws -> RecordDraft {
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
        draft.set("group", .string(group))
        if !chosen.section.isEmpty { draft.set("section", .string(chosen.section)) }
        if let date = chosen.date { draft.set("date", .string(date.value), citing: [(date.source, date.range)]) }
        if !chosen.disputedBy.isEmpty {
            draft.set("disputed", true)
            draft.set("disputedBy", .array(chosen.disputedBy.map { .string($0) }))
        }
        return draft
    }
}
