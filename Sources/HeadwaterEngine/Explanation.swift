public import HeadwaterModel
import HeadwaterStore

/// Why a task has to run: the difference between its key document and the one of the same stage, round and partition
/// in the run before. Computed from the very documents whose digests are the keys.
public enum Reason: Equatable, Sendable {
    /// No run before has this stage and partition.
    case new
    case forced
    /// The key is the same, but what it came to is no longer in the store.
    case resultLost
    case changed([KeyDocument.Difference])

    /// One line for a person.
    public var description: String {
        switch self {
        case .new: return "no earlier run has it"
        case .forced: return "forced"
        case .resultLost: return "its result is no longer in the store"
        case .changed(let differences):
            let facts = differences.flatMap(Reason.facts)
            let shown = facts.prefix(3).joined(separator: "; ")
            return facts.count > 3 ? "\(shown); and \(facts.count - 3) more" : shown
        }
    }

    private static func facts(_ difference: KeyDocument.Difference) -> [String] {
        let parts = difference.path.split(separator: ".", maxSplits: 1).map(String.init)
        let name = parts.count > 1 ? parts[1] : difference.path
        switch parts.first {
        case "parameters": return ["parameter \(name): \(show(difference.old)) became \(show(difference.new))"]
        case "plugin": return ["plugin \(name): \(show(difference.old)) became \(show(difference.new))"]
        case "libraries": return ["library \(name): \(show(difference.old)) became \(show(difference.new))"]
        case "environment": return ["environment \(name): \(show(difference.old)) became \(show(difference.new))"]
        case "inputs": return input(name, difference)
        default: return ["\(difference.path): \(show(difference.old)) became \(show(difference.new))"]
        }
    }

    private static func input(_ name: String, _ difference: KeyDocument.Difference) -> [String] {
        if name == "sources", let old = difference.old?.array, let new = difference.new?.array { return sources(old, new) }
        // sources[3][1]: the list has the same length, and one element of one source differs.
        if name.hasPrefix("sources[") { return ["a source: \(show(difference.old)) became \(show(difference.new))"] }
        switch name.prefix(while: { $0 != "[" }) {
        case "slice": return ["what the other partitions mean for it changed"]
        case "sketches": return ["the sketch of a partition changed"]
        case "carry", "groups", "partitions": return ["which records belong together changed"]
        default: return ["its \(name.prefix { $0 != "[" }) changed"]
        }
    }

    /// Which sources came, went or changed, by locator.
    private static func sources(_ old: [JSON], _ new: [JSON]) -> [String] {
        func byLocator(_ list: [JSON]) -> [String: JSON] {
            Dictionary(list.compactMap { source in source.array?.first?.string.map { ($0, source) } }, uniquingKeysWith: { $1 })
        }
        let before = byLocator(old)
        let after = byLocator(new)
        return Set(before.keys).union(after.keys).sorted().compactMap { locator in
            switch (before[locator], after[locator]) {
            case (nil, _?): "source \(locator) was added"
            case (_?, nil): "source \(locator) was removed"
            case (let a?, let b?) where a != b: "source \(locator) changed"
            default: nil
            }
        }
    }

    private static func show(_ value: JSON?) -> String {
        guard let value else { return "nothing" }
        let text = value.string.map { Digest($0)?.short ?? "\"\($0)\"" } ?? value.description
        return text.count > 60 ? text.prefix(57) + "..." : text
    }
}

/// The keys of the run before, by stage, round and partition: what a reason is computed against.
struct EarlierKeys: Sendable {
    private struct Place: Hashable, Sendable {
        var stage: String
        var phase: KeyDocument.Phase
        var partition: String
    }

    private let keys: [Place: Digest]
    private let store: Store

    /// The keys of the latest run of the pipeline, if there is one.
    init(pipeline: String, store: Store) throws {
        self.store = store
        var keys: [Place: Digest] = [:]
        if let head = try store.heads(of: pipeline).first {
            let manifest = try RunManifest(json: JSON(parsing: try store.blob(head.value)))
            for stage in manifest.stages {
                for line in try JSONLines.decode(try store.blob(stage.tasks)) {
                    let entry = try TaskEntry(json: line)
                    keys[Place(stage: stage.name, phase: entry.phase, partition: entry.partition)] = entry.key
                }
            }
        }
        self.keys = keys
    }

    /// Why this task is no hit.
    func reason(_ entry: TaskEntry, stage: String, document: KeyDocument, isForced: Bool) throws -> Reason {
        if isForced { return .forced }
        guard let earlier = keys[Place(stage: stage, phase: entry.phase, partition: entry.partition)] else { return .new }
        guard earlier != entry.key, store.contains(earlier) else { return .resultLost }
        let old = KeyDocument(json: try JSON(parsing: try store.blob(earlier)))
        let differences = document.differences(from: old).flatMap { difference -> [KeyDocument.Difference] in
            // Lists of sources are compared by locator, not by index, so they are handed on whole.
            guard difference.path.hasPrefix("inputs.sources") else { return [difference] }
            return [.init(path: "inputs.sources", old: old.json["inputs"]?["sources"], new: document.json["inputs"]?["sources"])]
        }
        var seen: Set<String> = []
        return .changed(differences.filter { seen.insert($0.path).inserted })
    }
}
