import Foundation
import HeadwaterModel

@testable import HeadwaterPluginKit
@testable import HeadwaterWorkers

/// A session between the engine and a plugin, as the documentation shows it: lines with `→` are the engine's, lines with
/// `←` the plugin's, `✗` says why the engine refuses the line before it.
struct Transcript {
    let name: String
    let lines: [Line]

    enum Line: Equatable {
        case toPlugin([UInt8])
        case toEngine([UInt8])
        case refused(String)
    }

    static let all = ["apply", "failures", "five-rounds", "pieces", "slices"]

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/transcripts")

    init(name: String, lines: [Line]) {
        self.name = name
        self.lines = lines
    }

    init(_ name: String) throws {
        self.name = name
        let text = try String(contentsOf: Transcript.folder.appendingPathComponent(name + ".jsonl"), encoding: .utf8)
        lines = try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let rest = line.dropFirst(2)
            switch line.prefix(2) {
            case "→ ": return .toPlugin(Array(rest.utf8))
            case "← ": return .toEngine(Array(rest.utf8))
            case "✗ ": return .refused(String(rest))
            default: throw StageError("\(name): a line that is nobody's: \(line)")
            }
        }
    }

    /// What goes to the plugin, as one stream.
    var questions: [UInt8] {
        lines.flatMap { line -> [UInt8] in
            if case .toPlugin(let bytes) = line { return bytes + [UInt8(ascii: "\n")] }
            return []
        }
    }

    /// What the plugin says, in order.
    var answers: [PluginMessage] {
        get throws {
            try lines.compactMap { line in
                if case .toEngine(let bytes) = line { return try PluginMessage(line: bytes) }
                return nil
            }
        }
    }

    /// The transcript's tasks, each with what it works on and what the plugin says to it.
    var tasks: [Task] {
        get throws {
            var tasks: [Task] = []
            for line in lines {
                switch line {
                case .toPlugin(let bytes):
                    switch try EngineMessage(line: bytes) {
                    case .task(let request): tasks.append(Task(request: request))
                    case .record(let task, let role, let record):
                        if let index = tasks.firstIndex(where: { $0.request.task == task }) {
                            tasks[index].records[role, default: []].append(record)
                        }
                    default: break
                    }
                case .toEngine(let bytes):
                    let message = try PluginMessage(line: bytes)
                    if let index = tasks.firstIndex(where: { $0.request.task == message.task }) {
                        tasks[index].answers.append(message)
                    }
                case .refused: break
                }
            }
            return tasks
        }
    }

    struct Task {
        var request: EngineMessage.TaskRequest
        var records: [String: [WireRecord]] = [:]
        var answers: [PluginMessage] = []

        /// The engine's side of the task, which keeps what comes of it in `output`.
        func session(_ output: Kept, journal: any TaskJournal = ExternalStageSilence()) -> TaskSession {
            var origins: [Digest: ToldRecord.Origin] = [:]
            let inputs = Partition(records.mapValues { $0.map { ToldRecord.input($0, &origins) } })
            let givesSlices = request.round == .combine || request.round == .decide
            return TaskSession(
                request, inputs: TaskInputs(inputs, roles: records.keys.sorted()),
                output: request.round == .apply ? output : nil, slices: givesSlices ? request.partitions : nil,
                context: TaskContext(name: "apply of a test", journal: journal, isStopping: { false }))
        }
    }
}

/// Keeps what a task makes.
final class Kept: StageOutput {
    private(set) var records: [Record] = []
    private(set) var drops: [Drop] = []
    private(set) var notes: [Note] = []

    func emit(_ draft: RecordDraft) throws -> RecordID {
        records.append(draft.sealed())
        return records[records.count - 1].id
    }
    func pass(_ record: InputRecord) throws { records.append(record.record) }
    func drop(_ drop: Drop) { drops.append(drop) }
    func note(_ note: Note) { notes.append(note) }
}

final class ExternalStageSilence: TaskJournal {
    func log(_ bytes: [UInt8]) {}
    func warn(_ message: String) {}
    func progress(done: Int, total: Int?) {}
    func count(_ metric: String, _ value: Int) {}
}
