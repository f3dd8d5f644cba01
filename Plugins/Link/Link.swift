public import HeadwaterModel
public import HeadwaterPluginKit

/// Ties together what documents say: one name for whoever several of them name, and for each statement the sources that make it
/// and those that contradict it.
public struct Link: Stage {
    public static let declaration = PluginDeclaration(
        name: "link", version: "1",
        summary: "One name for each entity; claims that other sources corroborate or contradict",
        inputs: [.init("documents"), .init("annotations")], rounds: .examine,
        parameters: [
            ParameterDeclaration(
                "kinds", .list(of: .text), default: .array(Kind.allCases.map { .string($0.rawValue) }),
                help: "Kinds of records to emit: " + Kind.allCases.map(\.rawValue).joined(separator: ", ")),
            ParameterDeclaration(
                "days", .integer(0...36_500), default: 3,
                help: "how many days apart two documents may be published to tell of one event"),
        ],
        emits: Kind.allCases.map(\.rawValue))

    enum Kind: String, CaseIterable {
        case entity, name, statement, link
    }

    private let kinds: Set<Kind>
    private let days: Int

    public init(parameters: Parameters) throws {
        var kinds: Set<Kind> = []
        for (element, name) in parameters.texts("kinds").enumerated() {
            guard let kind = Kind(rawValue: name) else {
                throw StageError(
                    "there is no kind '\(name)' to emit; expected one of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))",
                    parameter: "kinds", element: element)
            }
            kinds.insert(kind)
        }
        self.kinds = kinds
        days = parameters.integer("days")
    }

    public func sketch(_ partition: Partition) throws -> [UInt8] {
        DocumentSketch.encode(DocumentSketch.sketches(of: partition))
    }

    public func combine(_ sketches: Sketches) throws -> Combination {
        let candidates = try LinkCandidates(sketches)
        return .groups(candidates.groups, carry: candidates.bytes)
    }

    public func examine(_ group: Partition) throws -> [UInt8] { try LinkVerdict(group["annotations"]).bytes }

    public func decide(_ verdicts: Verdicts) throws -> [[UInt8]] {
        let candidates = try LinkCandidates(verdicts.carry, partitionCount: verdicts.partitionCount)
        var decision = try LinkDecision(candidates, verdicts, days: days)
        return decision.slices().map(\.bytes)
    }

    public func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        let slice = try LinkSlice(slice)
        if kinds.contains(.entity) || kinds.contains(.name) {
            let names = NameRecords(partition, slice.names)
            if kinds.contains(.entity) { try names.emitEntities(to: output) }
            if kinds.contains(.name) { try names.emitNames(to: output) }
        }
        let claims = ClaimRecords(partition)
        if kinds.contains(.statement) {
            for statement in slice.statements { try output.emit(try claims.record(of: statement)) }
        }
        if kinds.contains(.link) {
            for link in slice.links { try output.emit(try claims.record(of: link)) }
        }
    }
}
