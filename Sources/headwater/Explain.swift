import ArgumentParser
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say why the tasks behind a stage, artifact or record were carried out, or where their results came from.",
        discussion: """
            A reason is the difference between the task's key document and that of the run before, member by member.
            Of a record it is also told what its stage noted about it, and whether a stage behind left it out, and why.

            EXAMPLES:
              headwater explain clean                    the latest run of a stage
              headwater explain run:4f2a9c/clean         the same in an earlier run
              headwater explain 'extract#12'             the tasks that made one record
              headwater explain quickstart               every stage of the latest run
              headwater explain clean --json
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: "A pipeline, run, stage, artifact, record or published file.")
    var reference: String

    func run() throws {
        let store = try options.open()
        let history = History(store: store)
        let explanations: [StageExplanation]
        var candidates: [FieldCandidates] = []
        var said: [DroppedText] = []
        switch try options.resolve(reference, in: store) {
        case .run(let run): explanations = try run.stages.map { try StageExplanation(of: $0, in: run, history: history) }
        case .artifact(let place): explanations = [try StageExplanation(of: place.stage, in: place.run, history: history)]
        case .published(let place, _, _):
            explanations = [try StageExplanation(of: place.artifact.stage, in: place.run, history: history)]
        case .record(let place, _):
            candidates = try FieldCandidates.of(place, store: store)
            said = try Explain.said(of: place, DatasetReader(store: store), asJSON: options.json)
            let partition = place.artifact.dataset.shards[place.shard].range.first
            explanations = [
                try StageExplanation(of: place.artifact.stage, in: place.artifact.run, history: history) { task in
                    // Rounds over all partitions are named by none.
                    task.partition.isEmpty || task.partition.utf8.elementsEqual(partition.utf8)
                }
            ]
        case .source, .blob:
            throw CommandFault("\(reference): no task made it; expected a run, stage, artifact, record or published file")
        }
        for (index, explanation) in explanations.enumerated() {
            if options.json {
                Console.line(try Explain.json(explanation, candidates, said).description)
            } else {
                if index > 0 { Console.line("") }
                Explain.show(explanation)
            }
        }
        if options.json { return }
        Explain.show(candidates)
        for text in said { try text.show(limit: nil) }
    }

    /// Which places of a page state a field's value, in the order in which they count.
    private static func show(_ candidates: [FieldCandidates]) {
        let style = Style.standardOutput
        for (index, field) in candidates.enumerated() {
            if index == 0 || candidates[index - 1].stage != field.stage {
                Console.line("")
                Console.line("\(style.bold(field.stage))  chose the fields of \(field.record.short) among")
            }
            Console.line("  \(VisibleText.of(field.field)): \(shown(field.value))")
            for candidate in field.all {
                let bytes = candidate.cites.map { "bytes \($0.range.start)–\($0.range.end ?? $0.range.start)" }
                let facts = (candidate.reason == "chosen" ? [] : [shown(candidate.value)]) + bytes.prefix(2)
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

    /// What a record's own stage and those that take it say of it.
    private static func said(of place: Resolver.RecordPlace, _ reader: DatasetReader, asJSON: Bool) throws -> [DroppedText] {
        let run = place.artifact.run
        let behind = run.stages.filter { stage in stage.inputs.contains { $0.stage == place.artifact.stage.name } }
        let artifacts = try behind.compactMap { stage in
            try stage.artifact.map {
                Resolver.ArtifactPlace(run: run, stage: stage, digest: $0, content: try reader.artifact($0))
            }
        }
        return ([place.artifact] + artifacts).map {
            DroppedText(place: $0, reader: reader, asJSON: asJSON, record: place.record.id)
        }
    }

    private static func show(_ explanation: StageExplanation) {
        let style = Style.standardOutput
        let (run, stage) = (explanation.run, explanation.stage)
        Console.line("\(style.bold(stage.name))  \(stage.plugin) \(stage.version), run:\(run.id) of \(Log.time(run.started))")
        let compared = explanation.predecessor.map { "compared with run:\($0.id) of \(Log.time($0.started))" }
        Console.line("  \(compared ?? "no run before completed this stage")")
        var origins: [(run: RunManifest?, count: Int)] = []
        for task in explanation.tasks {
            switch task.answer {
            case .executed(let reason):
                let place = task.entry.partition.isEmpty ? "" : " of \(task.entry.partition)"
                Console.line("  carried out  \(VisibleText.of("\(task.entry.phase.rawValue)\(place): \(reason.description)"))")
            case .hit(let origin):
                if let known = origins.firstIndex(where: { $0.run?.id == origin?.id }) {
                    origins[known].count += 1
                } else {
                    origins.append((origin, 1))
                }
            }
        }
        for origin in origins {
            let source =
                origin.run.map { "carried out by run:\($0.id) of \(Log.time($0.started))" }
                ?? "carried out by a run that is not kept"
            Console.line("  \(counted(origin.count, "hit"))        \(source)")
        }
        if explanation.tasks.isEmpty { Console.line("  no task") }
    }

    /// `{"run","stage","plugin","version","comparedWith","tasks":[{"phase","partition","key","result","hit","reason","differences","from"}]}`,
    /// and of a record `"fields":[{"stage","record","field","value","candidates":[{"place","rank","reason","value","cites"}]}]` and
    /// `"drops"` and `"notes"`, as `records --dropped --json` prints them, with the `"stage"` that says so.
    private static func json(
        _ explanation: StageExplanation, _ candidates: [FieldCandidates], _ said: [DroppedText]
    ) throws -> JSON {
        var members: [String: JSON] = [
            "run": .string(explanation.run.id.description), "pipeline": .string(explanation.run.pipeline),
            "stage": .string(explanation.stage.name), "plugin": .string(explanation.stage.plugin),
            "version": .string(explanation.stage.version),
        ]
        if let predecessor = explanation.predecessor { members["comparedWith"] = .string(predecessor.id.description) }
        if !candidates.isEmpty { members["fields"] = .array(candidates.map(json)) }
        members["tasks"] = .array(
            explanation.tasks.map { task in
                guard var members = task.entry.json.object else { return task.entry.json }
                switch task.answer {
                case .executed(let reason):
                    members["reason"] = .string(reason.description)
                    if case .changed(let differences) = reason { members["differences"] = .array(differences.map(\.json)) }
                case .hit(let origin): if let origin { members["from"] = .string(origin.id.description) }
                }
                return .object(members)
            })
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
        return .object(members)
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
