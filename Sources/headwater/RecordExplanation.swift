import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// What is known of why a record is as it is, beside the tasks that made it: by which rule, from which places of its page,
/// and what its stage and those behind it say of it.
struct RecordExplanation {
    /// Why its stage chose the record's speaker, value or type.
    private let rule: String?
    private let fields: [FieldCandidates]
    private let said: [DroppedText]

    init(of place: Resolver.RecordPlace, in store: Store, asJSON: Bool) throws {
        rule = place.record.fields["rule"]?.string
        fields = try FieldCandidates.of(place, store: store)
        let reader = DatasetReader(store: store)
        let run = place.artifact.run
        let behind = run.stages.filter { stage in stage.inputs.contains { $0.stage == place.artifact.stage.name } }
        let artifacts = try behind.compactMap { stage in
            try stage.artifact.map {
                Resolver.ArtifactPlace(run: run, stage: stage, digest: $0, content: try reader.artifact($0))
            }
        }
        said = ([place.artifact] + artifacts).map {
            DroppedText(place: $0, reader: reader, asJSON: asJSON, record: place.record.id)
        }
    }

    func show() throws {
        if let rule { Console.line("  by rule      \(VisibleText.of(rule))") }
        showFields()
        for text in said { try text.show(limit: nil) }
    }

    /// Which places of a page state a field's value, in the order in which they count.
    private func showFields() {
        let style = Style.standardOutput
        for (index, field) in fields.enumerated() {
            if index == 0 || fields[index - 1].stage != field.stage {
                Console.line("")
                Console.line("\(style.bold(field.stage))  chose the fields of \(field.record.short) among")
            }
            Console.line("  \(VisibleText.of(field.field)): \(RecordExplanation.shown(field.value))")
            for candidate in field.all {
                let bytes = candidate.cites.map { "bytes \($0.range.start)–\($0.range.end ?? $0.range.start)" }
                let facts = (candidate.reason == "chosen" ? [] : [RecordExplanation.shown(candidate.value)]) + bytes.prefix(2)
                Console.line(
                    "    \(candidate.rank)  \(candidate.reason)  \(VisibleText.of(candidate.place))"
                        + facts.map { ", " + $0 }.joined())
            }
        }
    }

    private static func shown(_ value: JSON?) -> String {
        switch value {
        case nil: "none"
        case .string(let text)?: VisibleText.of(text)
        case let value?: VisibleText.of(value.description)
        }
    }
}

// MARK: As JSON

extension RecordExplanation {
    /// `rule` where there is one; `"fields":[{"stage","record","field","value","candidates":[{"place","rank","reason","value","cites"}]}]`; and
    /// `drops` and `notes`, as `records --dropped --json` prints them, with the `"stage"` that says so.
    func members() throws -> [String: JSON] {
        var members: [String: JSON] = [:]
        if let rule { members["rule"] = .string(rule) }
        if !fields.isEmpty { members["fields"] = .array(fields.map(RecordExplanation.json)) }
        for text in said {
            let (drops, notes) = try text.lines()
            func tell(_ name: String, _ lines: [JSON]) {
                let told = lines.compactMap(\.object).map {
                    JSON.object($0.merging(["stage": .string(text.place.stage.name)]) { old, _ in old })
                }
                members[name] = .array((members[name]?.array ?? []) + told)
            }
            tell("drops", drops)
            tell("notes", notes)
        }
        return members
    }

    private static func json(_ field: FieldCandidates) -> JSON {
        [
            "stage": .string(field.stage), "record": .string(field.record.description), "field": .string(field.field),
            "value": field.value ?? .null,
            "candidates": .array(
                field.all.map { candidate in
                    [
                        "place": .string(candidate.place), "rank": .integer(candidate.rank),
                        "reason": .string(candidate.reason), "value": candidate.value ?? .null,
                        "cites": .array(
                            candidate.cites.map { cite in
                                [.string(cite.source.description), .integer(cite.range.start), .integer(cite.range.length)]
                            }),
                    ]
                }),
        ]
    }
}
