public import HeadwaterModel
public import HeadwaterPluginKit
import HeadwaterProcesses

/// A stage whose rounds are carried out by a plugin in processes of its own.
public struct ExternalStage: StageRounds {
    private let manifest: PluginManifest
    private let parameters: Parameters
    private let pool: WorkerPool
    private var context: TaskContext

    /// - Parameters:
    ///   - timeout: milliseconds that one task may take; the manifest's limit where nothing is said.
    ///   - memory: bytes that one worker may take; likewise.
    public init(_ manifest: PluginManifest, parameters: Parameters, timeout: Int? = nil, memory: Int? = nil) {
        self.manifest = manifest
        self.parameters = parameters
        pool = WorkerPool(manifest, limits: WorkerLimits(manifest.limits, timeout: timeout, memory: memory))
        context = ExternalStage.silent
    }

    public func bound(to context: TaskContext) -> any StageRounds {
        var stage = self
        stage.context = context
        return stage
    }

    /// What keeps the plugin from the rest of the machine: "bubblewrap", or "none: " and why; nil as long as no task ran.
    public var confinement: String? { pool.sandbox?.description }

    public var unwantedFreedom: String? {
        if manifest.sandbox == .preferred, case .none(let reason)? = pool.sandbox { reason } else { nil }
    }

    public func end() { pool.end() }

    // MARK: Rounds

    public func sketch(_ partition: Partition) throws -> [UInt8] { try bytes(.sketch, of: partition) }

    public func examine(_ group: Partition) throws -> [UInt8] { try bytes(.examine, of: group) }

    private func bytes(_ round: KeyDocument.Phase, of partition: Partition) throws -> [UInt8] {
        let session = try carryOut(request(round), on: partition, to: nil)
        guard let result = session.result else { throw unfinished("result") }
        return result
    }

    public func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        var request = request(.apply)
        request.slice = slice
        _ = try carryOut(request, on: partition, to: output)
    }

    public func combine(_ sketches: Sketches) throws -> Combination {
        var request = request(.combine)
        request.partitions = sketches.count
        let formsGroups = manifest.declaration.rounds != .combine
        let session = TaskSession(
            request, inputs: TaskInputs(), output: nil, slices: formsGroups ? nil : sketches.count, context: context)
        try carryOut(session, count: sketches.count) { .sketch(task: request.task, try sketches[$0]) }
        if formsGroups { return .groups(session.groups, carry: session.carry ?? []) }
        guard session.groups.isEmpty else {
            throw fault("forms groups, but declares rounds: combine, which gives slices")
        }
        guard session.slices.count == sketches.count else {
            throw fault("gave \(session.slices.count) slices for \(sketches.count) partitions")
        }
        return .slices(session.slices)
    }

    public func decide(_ verdicts: Verdicts) throws -> [[UInt8]] {
        var request = request(.decide)
        request.partitions = verdicts.partitionCount
        request.carry = verdicts.carry
        let session = TaskSession(
            request, inputs: TaskInputs(), output: nil, slices: verdicts.partitionCount, context: context)
        try carryOut(session, count: verdicts.count) { index in
            let (group, verdict) = try verdicts[index]
            return .verdict(
                task: request.task, WireGroup(key: group.key, members: group.members, slice: group.slice), verdict)
        }
        guard session.slices.count == verdicts.partitionCount else {
            throw fault("gave \(session.slices.count) slices for \(verdicts.partitionCount) partitions")
        }
        return session.slices
    }

    // MARK: Tasks

    private func request(_ round: KeyDocument.Phase) -> EngineMessage.TaskRequest {
        EngineMessage.TaskRequest(task: 1, round: round, parameters: parameters.values)
    }

    private func fault(_ problem: String) -> WorkerFault { WorkerFault(plugin: manifest.declaration.name, problem) }

    private func unfinished(_ what: String) -> WorkerFault { fault("said that it was done, but gave no \(what)") }

    /// A round on records.
    private func carryOut(
        _ request: EngineMessage.TaskRequest, on partition: Partition, to output: (any StageOutput)?
    ) throws -> TaskSession {
        let inputs = TaskInputs(partition, roles: manifest.declaration.inputs.map(\.name))
        let session = TaskSession(
            request, inputs: inputs, output: output, emits: manifest.declaration.emits, context: context)
        let records = inputs.records.flatMap { role, records in records.map { (role, $0) } }
        try carryOut(session, count: records.count) { index in
            let (role, input) = records[index]
            let told = WireRecord(
                id: input.id, kind: input.kind, text: try inputs.text(of: input)?.bytes, parents: input.record.parents,
                fields: input.fields, cited: input.record.cites.keys.sorted())
            return .record(task: request.task, role: role, told)
        }
        return session
    }

    /// - Parameter message: the messages of the task's input, by number.
    private func carryOut(
        _ session: TaskSession, count: Int, _ message: (Int) throws -> EngineMessage
    ) throws {
        do {
            try pool.withWorker { worker in
                // Messages: the task, its input, the end.
                var index = -1
                defer { context.journal.log(worker.log) }
                do {
                    try worker.carryOut(session, pool.limits, isStopping: { context.isStopping }) {
                        defer { index += 1 }
                        switch index {
                        case ..<0: EngineMessage.task(session.request).append(to: &$0)
                        case ..<count: try message(index).append(to: &$0)
                        case count: EngineMessage.end(task: session.request.task).append(to: &$0)
                        default: return false
                        }
                        return true
                    }
                } catch let fault as MessageFault {
                    throw worker.fault("said what cannot be, in \(context.name): \(fault)")
                }
            }
        } catch is WorkerStopped {
            throw StageStopped()
        }
    }

    /// A task of which nobody wants to hear.
    static let silent = TaskContext(name: "a task", journal: Silence(), isStopping: { false })

    /// Nobody is told anything.
    private final class Silence: TaskJournal {
        func log(_ bytes: [UInt8]) {}
        func warn(_ message: String) {}
        func progress(done: Int, total: Int?) {}
        func count(_ metric: String, _ value: Int) {}
    }
}
