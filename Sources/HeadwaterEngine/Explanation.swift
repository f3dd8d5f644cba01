import HeadwaterLineage
public import HeadwaterModel
import HeadwaterStore

/// Why a task has to run: the difference between its key document and the one of the same stage, round and partition
/// in the run before. Computed from the very documents whose digests are the keys.
public enum Reason: Equatable, Sendable {
    /// No run before has this stage and partition.
    case new
    case forced
    /// The key is the same, but what it came to is no longer in the store, or damaged.
    case resultLost
    /// An earlier run has it, but its key document cannot be read any more.
    case unknown
    case changed([KeyDocument.Difference])

    /// What makes a key another one than it was.
    static func changed(from old: KeyDocument, to new: KeyDocument) -> Reason {
        var seen: Set<String> = []
        let differences = new.differences(from: old).map { difference in
            // Lists of sources are compared by locator, not by index, so they are handed on whole.
            guard difference.path.hasPrefix("inputs.sources") else { return difference }
            return .init(path: "inputs.sources", old: old.json["inputs"]?["sources"], new: new.json["inputs"]?["sources"])
        }
        return .changed(differences.filter { seen.insert($0.path).inserted })
    }

    /// One line for a person.
    public var description: String {
        switch self {
        case .new: return "no earlier run has it"
        case .forced: return "forced"
        case .resultLost: return "its result is no longer in the store, or damaged"
        case .unknown: return "the key document it had before is no longer in the store"
        case .changed(let differences):
            var seen: Set<String> = []
            let facts = differences.flatMap(Reason.facts).filter { seen.insert($0).inserted }
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
        case "partition":
            return ["its partition has other bounds: \(show(difference.old)) sources became \(show(difference.new))"]
        default: return ["\(difference.path): \(show(difference.old)) became \(show(difference.new))"]
        }
    }

    private static func input(_ name: String, _ difference: KeyDocument.Difference) -> [String] {
        if name == "sources", let old = difference.old?.array, let new = difference.new?.array { return sources(old, new) }
        let path = name.split(separator: ".", maxSplits: 1).map(String.init)
        switch path[0].prefix(while: { $0 != "[" }) {
        case "roles": return ["its \((path.last ?? name).prefix { $0 != "[" }) changed"]
        case "slice": return ["what the other partitions mean for it changed"]
        case "sketches": return ["the sketch of a partition changed"]
        case "partitions":
            return ["the number of partitions: \(show(difference.old)) became \(show(difference.new))"]
        case "carry": return ["what combine hands on to decide changed"]
        case "groups": return [path.last == "verdict" ? "a verdict changed" : "which records belong together changed"]
        default: return ["its \(name) changed"]
        }
    }

    /// Which sources came, went, changed or got another name, by locator.
    private static func sources(_ old: [JSON], _ new: [JSON]) -> [String] {
        // By bytes: names that differ in their Unicode normalisation only are two names.
        func byLocator(_ list: [JSON]) -> [[UInt8]: [JSON]] {
            Dictionary(
                list.compactMap { source in
                    source.array.flatMap { parts in parts.first?.string.map { (Array($0.utf8), Array(parts.dropFirst())) } }
                },
                uniquingKeysWith: { $1 })
        }
        let before = byLocator(old)
        let after = byLocator(new)
        let locators = Set(before.keys).union(after.keys).sorted { $0.lexicographicallyPrecedes($1) }
        // Of several sources with the same bytes the first name that went is the first that came.
        var former = Dictionary(grouping: locators.filter { before[$0] != nil && after[$0] == nil }, by: { before[$0] ?? [] })
        var names: [[UInt8]: [UInt8]] = [:]
        for locator in locators where before[locator] == nil {
            guard let content = after[locator], let name = former[content]?.first else { continue }
            former[content]?.removeFirst()
            names[locator] = name
        }
        let renamed = Set(names.values)
        let changes = locators.flatMap { locator -> [String] in
            let name = String(decoding: locator, as: UTF8.self)
            switch (before[locator], after[locator]) {
            case (nil, _?):
                guard let former = names[locator] else { return ["source \(name) was added"] }
                return ["source \(String(decoding: former, as: UTF8.self)) was renamed \(name)"]
            case (_?, nil): return renamed.contains(locator) ? [] : ["source \(name) was removed"]
            case (let a?, let b?) where a != b: return change(of: name, a, b)
            default: return []
            }
        }
        return changes.isEmpty ? ["the order of its sources changed"] : changes
    }

    /// What is known of a source beside its bytes is named where it alone is another.
    /// - Parameters:
    ///   - old: digest, or null if it could not be had, and, if there are any, facts.
    ///   - new: likewise.
    private static func change(of name: String, _ old: [JSON], _ new: [JSON]) -> [String] {
        switch (old.first, new.first) {
        case (.null?, .null?): break
        case (_, .null?): return ["source \(name) cannot be had any more: \(new.dropFirst().first?["reason"]?.string ?? "")"]
        case (.null?, _): return ["source \(name) could not be had before"]
        default: break
        }
        guard old.first == new.first else { return ["source \(name) changed"] }
        let before = old.dropFirst().first?.object ?? [:]
        let after = new.dropFirst().first?.object ?? [:]
        return Set(before.keys).union(after.keys).sorted().filter { before[$0] != after[$0] }.map {
            "source \(name): \($0): \(show(before[$0])) became \(show(after[$0]))"
        }
    }

    private static func show(_ value: JSON?) -> String {
        guard let value else { return "nothing" }
        let text = value.string.map { Digest($0)?.short ?? "\"\($0)\"" } ?? value.description
        return text.count > 60 ? text.prefix(57) + "..." : text
    }
}
