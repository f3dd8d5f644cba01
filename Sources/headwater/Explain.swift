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
            Of a record it is also told by which rule its stage chose its speaker, value or type, which places state its fields,
            what was noted about it, and whether a stage behind left it out, and why.

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
        var record: RecordExplanation?
        switch try options.resolve(reference, in: store) {
        case .run(let run): explanations = try run.stages.map { try StageExplanation(of: $0, in: run, history: history) }
        case .artifact(let place): explanations = [try StageExplanation(of: place.stage, in: place.run, history: history)]
        case .published(let place, _, _):
            explanations = [try StageExplanation(of: place.artifact.stage, in: place.run, history: history)]
        case .record(let place, _):
            record = try RecordExplanation(of: place, in: store, asJSON: options.json)
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
                Console.line(try Explain.json(explanation, record).description)
            } else {
                if index > 0 { Console.line("") }
                Explain.show(explanation)
            }
        }
        if !options.json { try record?.show() }
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

    /// `{"run","stage","plugin","version","comparedWith","tasks":[{"phase","partition","key","result","hit","reason","differences","from"}]}`, and what `RecordExplanation` tells of a record.
    private static func json(_ explanation: StageExplanation, _ record: RecordExplanation?) throws -> JSON {
        var members: [String: JSON] = [
            "run": .string(explanation.run.id.description), "pipeline": .string(explanation.run.pipeline),
            "stage": .string(explanation.stage.name), "plugin": .string(explanation.stage.plugin),
            "version": .string(explanation.stage.version),
        ]
        if let predecessor = explanation.predecessor { members["comparedWith"] = .string(predecessor.id.description) }
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
        members.merge(try record?.members() ?? [:]) { own, _ in own }
        return .object(members)
    }
}
