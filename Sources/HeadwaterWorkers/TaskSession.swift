import HeadwaterModel
import HeadwaterPluginKit

/// One task as a worker carries it out: takes each message, checks that it can be true, and hands on what it says.
///
/// Knows nothing of processes. A message that cannot be is an error that names the record and the field.
final class TaskSession {
    let request: EngineMessage.TaskRequest
    private let inputs: TaskInputs
    private let output: (any StageOutput)?
    private let context: TaskContext
    private let most: Int?
    private let emits: [String]?

    /// Ids of what was emitted, in order.
    private var emitted: [RecordID] = []
    /// Input records that are passed on or left out already.
    private var settled: Set<RecordID> = []
    private(set) var result: [UInt8]?
    private(set) var slices: [[UInt8]] = []
    private(set) var groups: [Group] = []
    private var groupKeys: Set<[UInt8]> = []
    private(set) var carry: [UInt8]?
    private(set) var isDone = false

    /// - Parameters:
    ///   - output: where records go; nil for a round that makes none.
    ///   - slices: how many slices the round may give at most; nil for one that gives none.
    ///   - emits: the kinds of records that it may make; nil for any.
    init(
        _ request: EngineMessage.TaskRequest, inputs: TaskInputs, output: (any StageOutput)?, slices: Int? = nil,
        emits: [String]? = nil, context: TaskContext
    ) {
        self.request = request
        self.inputs = inputs
        self.output = output
        self.context = context
        most = slices
        self.emits = emits
    }

    /// - Throws: `MessageFault` for what cannot be, `StageError` if the plugin says that it cannot do the task, and what the
    ///   output throws.
    func take(_ message: PluginMessage) throws {
        guard !isDone else { throw MessageFault("it went on after it had said that the task was done") }
        guard let task = message.task else { throw MessageFault("a hello comes once, at the start") }
        guard task == request.task else {
            throw MessageFault(field: "task", "it speaks of task \(task) while it has task \(request.task)")
        }
        switch message {
        case .hello: break
        case .emit(_, let emission): try emit(emission)
        case .pass(_, let record):
            let output = try records("pass")
            let input = try input(record, "record")
            try settle(record)
            try output.pass(input)
        case .drop(_, let record, let reason, let survivor, let details):
            let output = try records("drop")
            _ = try input(record, "record")
            try settle(record)
            // The survivor may lie in another partition, which this task does not see.
            output.drop(Drop(record, reason: reason, survivor: survivor, details: details))
        case .note(_, let remark): try note(remark)
        case .result(_, let bytes):
            guard request.round == .sketch || request.round == .examine else { throw misplaced("result") }
            guard result == nil else { throw MessageFault("a second result") }
            result = bytes
        case .slice(_, let bytes):
            guard let most else { throw misplaced("slice") }
            guard slices.count < most else { throw MessageFault("more slices than the \(most) partitions") }
            slices.append(bytes)
        case .group(_, let group):
            guard request.round == .combine else { throw misplaced("group") }
            guard groupKeys.insert(Array(group.key.utf8)).inserted else {
                throw MessageFault(
                    field: "key", "there is a group \"\(group.key.prefix(50))\" already; each has a key of its own")
            }
            groups.append(Group(key: group.key, members: group.members, slice: group.slice))
        case .carry(_, let bytes):
            guard request.round == .combine else { throw misplaced("carry") }
            carry = bytes
        case .progress(_, let done, let total): context.journal.progress(done: done, total: total)
        case .warning(_, let message): context.journal.warn(message)
        case .metric(_, let name, let value): context.journal.count(name, value)
        case .done: isDone = true
        case .failed(_, let refusal):
            throw StageError(
                refusal.message, parameter: refusal.parameter, element: refusal.element, isTransient: refusal.isTransient)
        }
    }

    private func misplaced(_ message: String) -> MessageFault {
        MessageFault("a \(message) in the round \(request.round.rawValue), which has none")
    }

    private func records(_ message: String) throws -> any StageOutput {
        guard let output else { throw misplaced(message) }
        return output
    }

    private func input(_ id: RecordID, _ field: String) throws -> InputRecord {
        guard let input = inputs.record(id) else {
            throw MessageFault(field: field, "\(id.short) is no record of this task's input")
        }
        return input
    }

    private func settle(_ record: RecordID) throws {
        guard settled.insert(record).inserted else {
            throw MessageFault(field: "record", "\(record.short) was passed on or left out before")
        }
    }

    private func emit(_ emission: PluginMessage.Emission) throws {
        let output = try records("emit")
        let number = emitted.count
        do {
            let draft = try DraftBuilder(emission, inputs).draft()
            try checkKind(draft.kind, of: emission)
            emitted.append(try output.emit(draft))
        } catch let fault as MessageFault {
            throw MessageFault(field: fault.field, "\(fault.problem) (emitted record \(number) of the task)")
        }
    }

    /// A record that goes on from another may keep its kind, which is none of the plugin's making.
    private func checkKind(_ kind: String, of emission: PluginMessage.Emission) throws {
        guard let emits, !emits.contains(where: { $0.utf8.elementsEqual(kind.utf8) }) else { return }
        if let continued = emission.continued.flatMap(inputs.record), continued.kind.utf8.elementsEqual(kind.utf8) { return }
        let declared = emits.isEmpty ? "no record" : emits.joined(separator: ", ")
        throw MessageFault(field: "kind", "its manifest says that it emits \(declared), not \"\(kind.prefix(50))\"")
    }

    private func note(_ remark: PluginMessage.Remark) throws {
        let output = try records("note")
        let subject: RecordID
        switch remark.about {
        case .input(let id): subject = try input(id, "record").id
        case .emitted(let index):
            guard emitted.indices.contains(index) else {
                throw MessageFault(field: "emitted", "there is no record \(index); \(emitted.count) were emitted")
            }
            subject = emitted[index]
        }
        let texts = try remark.cites.enumerated().map { try inputs.text(of: $1, only: nil, field: "cites[\($0)]") }
        output.note(
            Note(
                subject, kind: remark.kind, reason: remark.reason, about: texts.isEmpty ? nil : TracedText.joined(texts),
                details: remark.details))
    }
}
