import HeadwaterModel
import HeadwaterPluginKit

/// The names of one partition as records: each mention with the name that it has in the corpus, and one record for each entity.
struct NameRecords {
    private let annotations: [InputRecord]
    private let documents: [InputRecord]
    private let names: [RecordID: DocumentNames]
    /// By document, the numbers of its names that the corpus calls otherwise or that others share.
    private var decided: [RecordID: [Int: NameDecision.Named]] = [:]

    init(_ partition: Partition, _ decision: NameDecision) {
        annotations = partition["annotations"].filter { $0.kind == "entity" }
        documents = partition["documents"]
        names = DocumentName.names(in: annotations)
        for named in decision.named where documents.indices.contains(named.document) {
            decided[documents[named.document].id, default: [:]][named.name] = named
        }
    }

    private func place(of record: InputRecord) -> (document: RecordID, number: Int)? {
        guard let document = record.record.parents.first, let number = names[document]?.number(of: record) else { return nil }
        return (document, number)
    }

    /// Each mention as it came, but under the canonical name of the corpus.
    func emitEntities(to output: any StageOutput) throws {
        for record in annotations {
            guard let place = place(of: record), let canonical = decided[place.document]?[place.number]?.canonical,
                record.fields["canonical"]?.string != canonical.text
            else {
                try output.pass(record)
                continue
            }
            var draft = RecordDraft(kind: "entity", text: try record.text(), parents: [record.id])
            for (field, value) in record.fields { draft.set(field, value, citing: record.cite(of: field)) }
            draft.replace("canonical", with: canonical)
            try output.emit(draft)
        }
    }

    /// One record for each entity that a document of the partition tells of: one of several documents where the canonical name
    /// first occurs, any other where it is named.
    func emitNames(to output: any StageOutput) throws {
        var mentions: [RecordID: [Int: [InputRecord]]] = [:]
        for record in annotations {
            if let place = place(of: record) { mentions[place.document, default: [:]][place.number, default: []].append(record) }
        }
        for document in documents {
            guard let known = names[document.id] else { continue }
            for (number, name) in known.names.enumerated() {
                let decision = decided[document.id]?[number]
                if decision != nil && decision?.account == nil { continue }
                let canonical = decision?.canonical.text ?? name.forms[0].text
                let records = mentions[document.id]?[number] ?? []
                guard let teller = records.first(where: { $0.record.string == canonical }) ?? records.first else { continue }
                var draft = RecordDraft(kind: "name", text: try teller.text(), parents: [teller.id])
                draft.set("type", .string("\(name.kind)"))
                func form(_ form: DocumentName.Form) -> NamedEntity.Form {
                    NamedEntity.Form(
                        text: form.text,
                        place: known.source.flatMap { source in form.range.map { Place(source: source, range: $0) } })
                }
                draft.replace("canonical", with: decision?.canonical ?? form(name.forms[0]))
                let variants = decision?.account?.variants ?? name.forms.map(form)
                draft.set("variants", .array(variants.map { .string($0.text) }), citing: variants.compactMap { $0.place?.cite })
                draft.set("documents", .integer(decision?.account?.documents ?? 1))
                draft.set("mentions", .integer(decision?.account?.mentions ?? name.mentions))
                try output.emit(draft)
            }
        }
    }
}

extension RecordDraft {
    /// Sets a name and cites where it stands, and nothing where that is not known.
    fileprivate mutating func replace(_ field: String, with form: NamedEntity.Form) {
        if let place = form.place {
            set(field, .string(form.text), citing: [place.cite])
        } else {
            set(field, .string(form.text), citing: TracedText())
        }
    }
}
