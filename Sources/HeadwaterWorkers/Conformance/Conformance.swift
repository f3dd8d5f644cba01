public import HeadwaterModel
public import HeadwaterPluginKit
import HeadwaterProcesses

/// The suite that every plugin has to pass: that it speaks the protocol, that its records hold, that the same input gives
/// the same output whatever stands around it, and that it ends when it is told to.
public struct Conformance {
    /// One clause, and whether the plugin keeps it.
    public struct Verdict: Sendable, Equatable {
        public var clause: Clause
        /// Why not; nil if it does.
        public var problem: String?
        public var keeps: Bool { problem == nil }
    }

    /// What a plugin has to do.
    public enum Clause: String, Sendable, CaseIterable {
        case greets = "answers the hello with its name, version and a protocol this program speaks"
        case empty = "carries out a task without records"
        case proven = "emits records that are proven against the bytes of the sources"
        case repeats = "gives the same for the same, twice in one process"
        case surroundings = "gives the same in another process, time zone, locale, hash seed and folder for temporary files"
        case order = "gives the same for a partition whatever tasks came before"
        case jobs = "gives the same when two processes work at once"
        case unknown = "passes over messages and fields that it does not know"
        case cancels = "answers a cancelled task, and goes on with the next"
        case shutsDown = "ends with status 0 when it is told that nothing more will come"
        case closes = "ends when its input is closed"
        case same = "gives out of process what it gives in this one"
    }

    private let manifest: PluginManifest
    private let parameters: Parameters
    private let samples = SampleRecords()
    private let limits: WorkerLimits

    /// - Parameter parameters: complete, and checked.
    public init(_ manifest: PluginManifest, parameters: Parameters) {
        self.manifest = manifest
        self.parameters = parameters
        limits = WorkerLimits(manifest.limits, timeout: nil, memory: nil)
    }

    /// What keeps the plugin from the rest of the machine while it is tried, in words.
    public var confinement: String {
        do {
            return "\(try Sandbox.choose(manifest.sandbox.mode))"
        } catch {
            return "\(error)"
        }
    }

    /// Tries all clauses, in order, and tells each verdict as it comes. After a plugin that cannot be started nothing else is
    /// tried.
    public func verdicts(_ tell: (Verdict) -> Void) -> [Verdict] {
        var verdicts: [Verdict] = []
        for clause in Clause.allCases where clause != .same {
            let verdict = verdict(clause) { try check(clause) }
            tell(verdict)
            verdicts.append(verdict)
            if clause == .greets, !verdict.keeps { break }
        }
        return verdicts
    }

    /// Tries whether the plugin, out of process, gives what a stage in this process gives.
    public func compare(with stage: any StageRounds) -> Verdict {
        verdict(.same) { try expect(try driver.run(stage, partitions), try results(partitions)) }
    }

    private func verdict(_ clause: Clause, _ check: () throws -> Void) -> Verdict {
        do {
            try check()
            return Verdict(clause: clause, problem: nil)
        } catch {
            return Verdict(clause: clause, problem: "\(error)")
        }
    }

    private func check(_ clause: Clause) throws {
        switch clause {
        case .greets: try Worker(manifest, limits: limits).end()
        case .empty: _ = try results([[:]])
        case .proven: _ = try results(partitions)
        case .repeats: try repeats()
        case .surroundings: try surroundings()
        case .order: try order()
        case .jobs: try jobs()
        case .unknown: try unknown()
        case .cancels: try cancels()
        case .shutsDown: try ends { $0.send(EngineMessage.shutdown.line) }
        case .closes: try ends { _ in }
        case .same: break
        }
    }

    // MARK: Results

    private var role: String { manifest.declaration.inputs.first?.name ?? "" }
    private var partitions: [[String: [InputRecord]]] { samples.partitions(3, role: role) }

    private var driver: RoundDriver {
        let sources = samples.sources
        return RoundDriver(rounds: manifest.declaration.rounds) { digest in
            guard let bytes = sources[digest] else { throw StageError("no source \(digest)") }
            return bytes
        }
    }

    private func results(
        _ partitions: [[String: [InputRecord]]], _ manifest: PluginManifest? = nil
    ) throws -> [RoundDriver.Result] {
        let stage = ExternalStage(manifest ?? self.manifest, parameters: parameters)
        defer { stage.end() }
        return try driver.run(stage, partitions)
    }

    private func repeats() throws {
        let stage = ExternalStage(manifest, parameters: parameters)
        defer { stage.end() }
        try expect(try driver.run(stage, partitions), try driver.run(stage, partitions))
    }

    private func surroundings() throws {
        var other = manifest
        for (name, value) in [
            ("TZ", "Pacific/Kiritimati"), ("LANG", "tr_TR.UTF-8"), ("PYTHONHASHSEED", "42"), ("PERL_HASH_SEED", "42"),
            ("SWIFT_DETERMINISTIC_HASHING", "1"), ("TMPDIR", "/var/tmp"), ("HOME", "/nonexistent"),
        ] { other.declaration.environment[name] = value }
        try expect(try results(partitions), try results(partitions, other))
    }

    /// Only rounds on one partition can be asked in another order.
    private func order() throws {
        guard manifest.declaration.rounds == .apply else { return }
        let forwards = try results(partitions)
        let backwards = try results(partitions.reversed())
        try expect(forwards, backwards.reversed())
    }

    private func jobs() throws {
        let alone = try results(partitions)
        let stage = ExternalStage(manifest, parameters: parameters)
        defer { stage.end() }
        // The second worker is started while the first has a task.
        let pool = WorkerPool(manifest, limits: limits)
        defer { pool.end() }
        try pool.withWorker { _ in try expect(alone, try driver.run(stage, partitions)) }
    }

    private func expect(_ first: [RoundDriver.Result], _ second: [RoundDriver.Result]) throws {
        guard first.count == second.count else {
            throw Broken("it gave \(first.count) results the first time and \(second.count) the second")
        }
        for (index, (a, b)) in zip(first, second).enumerated() where a != b {
            if let number = zip(a.records, b.records).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset {
                throw Broken(
                    "partition \(index), record \(number + 1): first \(a.records[number].shown), then \(b.records[number].shown)")
            }
            guard a.records.count == b.records.count else {
                throw Broken("partition \(index): first \(a.records.count) records, then \(b.records.count)")
            }
            throw Broken("partition \(index): drops or notes differ")
        }
    }

    // MARK: Talking

    private func unknown() throws {
        let worker = try Worker(manifest, limits: limits)
        defer { worker.kill() }
        worker.send(Array("{\"type\":\"headwater-test\",\"text\":\"a later version may say this\"}\n".utf8))
        try task(worker, extra: "\"headwaterTest\":[1,{}],")
    }

    private func cancels() throws {
        let worker = try Worker(manifest, limits: limits)
        defer { worker.kill() }
        let request = EngineMessage.TaskRequest(task: 7, round: firstRound, parameters: parameters.values)
        var short = limits
        short.idle = min(short.idle, Conformance.patience)
        try worker.cancel(request, short)
        try task(worker)
    }

    /// Milliseconds within which a plugin that is asked to give up has to say something.
    private static let patience = 10_000

    private var firstRound: KeyDocument.Phase { manifest.declaration.rounds == .apply ? .apply : .sketch }

    /// One task from the outside, with a member that nobody knows in each message.
    private func task(_ worker: Worker, extra: String = "") throws {
        let inputs = TaskInputs(Partition(partitions[0]), roles: [role])
        let request = EngineMessage.TaskRequest(task: 8, round: firstRound, parameters: parameters.values)
        let output = Discard()
        let session = TaskSession(
            request, inputs: inputs, output: firstRound == .apply ? output : nil, context: ExternalStage.silent)
        let records = inputs.records.flatMap(\.records)
        var lines = [EngineMessage.task(request).line]
        for record in records {
            lines.append(
                EngineMessage.record(
                    task: 8, role: role,
                    WireRecord(
                        id: record.id, kind: record.kind, text: try inputs.text(of: record)?.bytes, fields: record.fields)
                ).line)
        }
        lines.append(EngineMessage.end(task: 8).line)
        var next = lines.map { [UInt8(ascii: "{")] + Array(extra.utf8) + $0.dropFirst() }.makeIterator()
        try worker.carryOut(session, limits, isStopping: { false }) { bytes in
            guard let line = next.next() else { return false }
            bytes += line
            return true
        }
    }

    private func ends(_ tell: (Worker) -> Void) throws {
        let worker = try Worker(manifest, limits: limits)
        defer { worker.kill() }
        try task(worker)
        tell(worker)
        worker.closeInput()
        guard let exit = worker.wait(for: .seconds(5)) else { throw Broken("it still ran five seconds later") }
        guard exit.isSuccess else { throw Broken("it \(exit)") }
    }

    private struct Broken: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    private final class Discard: StageOutput {
        func emit(_ draft: RecordDraft) throws -> RecordID { draft.sealed().id }
        func pass(_ record: InputRecord) throws {}
        func drop(_ drop: Drop) {}
        func note(_ note: Note) {}
    }
}

extension Record {
    fileprivate var shown: String {
        let text = String(decoding: self.text.prefix(60), as: UTF8.self)
        return "\(kind) \(id.short) \"\(text)\" \(JSON.object(fields).description.prefix(80))"
    }
}
