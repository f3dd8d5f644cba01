import HeadwaterModel

/// Serves a stage to an engine in another process, over standard input and output: what the `main` of a plugin in Swift
/// calls. Tasks come one after the other.
///
///     @main struct Main {
///         static func main() throws { try PluginServer.serve(Passages.self) }
///     }
public enum PluginServer {
    /// The version of the protocol.
    public static let version = 1

    /// Returns when the engine says that nothing more will come, or closes the input.
    ///
    /// - Throws: `StageError` when the engine speaks no protocol that this server knows, or listens no more.
    public static func serve(_ type: any Stage.Type, input: Int32 = 0, output: Int32 = 1) throws {
        var stream = LineStream(input: input, output: output)
        guard let first = try stream.next() else { return }
        guard case .hello(let protocols, _)? = try EngineMessage(line: first) else {
            throw StageError("expected the engine's hello first")
        }
        guard protocols.contains(version) else {
            throw StageError("the engine speaks the protocols \(protocols), this plugin \(version) only")
        }
        let declaration = type.declaration
        try stream.write(
            PluginMessage.hello(protocol: version, name: declaration.name, version: declaration.version))
        var maker = StageMaker(type: type)
        while let line = try stream.next() {
            switch try EngineMessage(line: line) {
            case .task(let request):
                var server = TaskServer(request, &maker)
                try server.serve(&stream)
            case .shutdown: return try stream.flush()
            // A task that is over already, and what later versions may say.
            default: continue
            }
        }
    }
}

/// Makes the stage from a task's parameters, and keeps it for the next task with the same ones.
private struct StageMaker {
    let type: any Stage.Type
    private var made: (parameters: [String: JSON], stage: any Stage)?

    init(type: any Stage.Type) { self.type = type }

    mutating func stage(_ parameters: [String: JSON]) throws -> any Stage {
        if let made, made.parameters == parameters { return made.stage }
        let stage = try type.init(parameters: Parameters(parameters, declared: type.declaration.parameters))
        made = (parameters, stage)
        return stage
    }
}

/// One task from its first message to its last.
private struct TaskServer {
    private let request: EngineMessage.TaskRequest
    private let stage: Result<any Stage, any Error>
    private var records: [String: [InputRecord]] = [:]
    private var origins: [Digest: ToldRecord.Origin] = [:]
    private var sketches: Spool?
    private var verdicts: Spool?
    private var groups: [Group] = []

    init(_ request: EngineMessage.TaskRequest, _ maker: inout StageMaker) {
        self.request = request
        stage = Result { [request] in try maker.stage(request.parameters) }
    }

    mutating func serve(_ stream: inout LineStream) throws {
        while let line = try stream.next() {
            switch try EngineMessage(line: line) {
            case .record(request.task, let role, let record):
                records[role, default: []].append(ToldRecord.input(record, &origins))
            case .sketch(request.task, let bytes):
                let spool = sketches ?? Spool()
                sketches = spool
                try spool.append(bytes)
            case .verdict(request.task, let group, let bytes):
                let spool = verdicts ?? Spool()
                verdicts = spool
                groups.append(Group(key: group.key, members: group.members, slice: group.slice))
                try spool.append(bytes)
            case .cancel(request.task):
                return try stream.write(.failed(task: request.task, .init(message: "cancelled")))
            case .end(request.task):
                try carryOut(&stream)
                return
            case .shutdown: return try stream.flush()
            default: continue
            }
        }
    }

    private func carryOut(_ stream: inout LineStream) throws {
        let output = ServedOutput(task: request.task, stream: stream, origins: origins)
        // Two that hold the same buffers would copy them.
        stream = LineStream(input: -1, output: -1)
        defer { stream = output.stream }
        do {
            try perform(try stage.get(), output)
            try output.say(.done(task: request.task))
        } catch {
            let fault = error as? StageError
            let isTransient = (error as? any TransientFailure)?.isTransient ?? false
            try output.say(
                .failed(
                    task: request.task,
                    .init(message: "\(error)", parameter: fault?.parameter, element: fault?.element, isTransient: isTransient)))
        }
    }

    private func perform(_ stage: any Stage, _ output: ServedOutput) throws {
        let task = request.task
        switch request.round {
        case .apply: try stage.apply(Partition(records), slice: request.slice, to: output)
        case .sketch: try output.say(.result(task: task, try stage.sketch(Partition(records))))
        case .examine: try output.say(.result(task: task, try stage.examine(Partition(records))))
        case .combine:
            switch try SpooledRounds.combine(stage, sketches) {
            case .slices(let slices): for slice in slices { try output.say(.slice(task: task, slice)) }
            case .groups(let groups, let carry):
                for group in groups {
                    try output.say(.group(task: task, WireGroup(key: group.key, members: group.members, slice: group.slice)))
                }
                try output.say(.carry(task: task, carry))
            }
        case .decide:
            for slice in try SpooledRounds.decide(stage, verdicts, groups, request) {
                try output.say(.slice(task: task, slice))
            }
        }
    }
}

/// The rounds over all partitions, on what was spooled. A spool is used by one thread, as the server has only one.
private enum SpooledRounds {
    private struct Unshared: @unchecked Sendable {  // the server has one thread, and the stage's round ends before it goes on
        let spool: Spool?
    }

    static func combine(_ stage: any Stage, _ sketches: Spool?) throws -> Combination {
        let held = Unshared(spool: sketches)
        return try stage.combine(Sketches(count: sketches?.count ?? 0) { try held.spool?[$0] ?? [] })
    }

    static func decide(
        _ stage: any Stage, _ verdicts: Spool?, _ groups: [Group], _ request: EngineMessage.TaskRequest
    ) throws -> [[UInt8]] {
        let held = Unshared(spool: verdicts)
        return try stage.decide(
            Verdicts(partitionCount: request.partitions, carry: request.carry, count: groups.count) {
                (groups[$0], try held.spool?[$0] ?? [])
            })
    }
}

/// Sends what a stage makes as messages.
private final class ServedOutput: StageOutput {
    private let task: Int
    private(set) var stream: LineStream
    private let origins: [Digest: ToldRecord.Origin]
    private var emitted = 0

    /// Ids that stand for emitted records until the engine gives them their own: this, then the number as eight bytes.
    private static let standIn = [UInt8](repeating: 0xFF, count: RecordID.byteCount - 8)

    init(task: Int, stream: LineStream, origins: [Digest: ToldRecord.Origin]) {
        self.task = task
        self.stream = stream
        self.origins = origins
    }

    func say(_ message: PluginMessage) throws { try stream.write(message) }

    func emit(_ draft: RecordDraft) throws -> RecordID {
        try say(.emit(task: task, try draft.emission(origins)))
        let number = UInt64(emitted)
        emitted += 1
        let bytes = ServedOutput.standIn + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
        guard let id = RecordID(bytes: bytes) else { throw StageError("a record id has \(RecordID.byteCount) bytes") }
        return id
    }

    func pass(_ record: InputRecord) throws { try say(.pass(task: task, record: record.id)) }

    func drop(_ drop: Drop) {
        sayLater(
            .drop(task: task, record: drop.record, reason: drop.reason, survivor: drop.survivor, details: drop.details))
    }

    func note(_ note: Note) {
        let bytes = note.record.bytes
        var subject = PluginMessage.Remark.Subject.input(note.record)
        if bytes.starts(with: ServedOutput.standIn) {
            subject = .emitted(bytes.suffix(8).reduce(0) { $0 << 8 | Int($1) })
        }
        let cites = note.cites.compactMap { cite -> TextPiece.Slice? in
            guard case .text(let record)? = origins[cite.source] else { return nil }
            return TextPiece.Slice(record: record, range: cite.range)
        }
        sayLater(
            .note(
                task: task,
                .init(about: subject, kind: note.kind, reason: note.reason, cites: cites, details: note.details)))
    }

    /// What cannot throw here fails with the next message: an engine that is gone stays gone.
    private func sayLater(_ message: PluginMessage) { try? say(message) }
}
