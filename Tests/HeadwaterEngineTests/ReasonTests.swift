import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit
import HeadwaterStore
import HeadwaterTesting
import Synchronization
import Testing

@testable import HeadwaterEngine

/// Why a task runs: whatever part of its key is another, the reason names that part.
@Suite struct ReasonTests {
    private static func digest(_ number: UInt8) -> Digest { Digest(of: [number]) }

    /// A key document for each kind of task that a stage may have, made as a run makes them.
    private static func documents() throws -> [(name: String, document: KeyDocument)] {
        let bench = try Bench()
        let store = try Store.open(at: bench.folder("store"), .write)
        let stages = try bench.pipeline(libraries: ["cld2": "1"]).stages.map { stage in
            StageRuntime(pipelineStage: stage, plugin: try Bench.plugins.make(stage))
        }
        let runner = TaskRunner(store: store, stages: stages, forced: [], isDry: false)
        let shard = Shard(
            ShardContent(digest: digest(1), byteCount: 1, recordCount: 1), range: KeyRange(first: "a.html", last: "b.html"))
        let group = GroupReference(
            key: "g", members: [.init(role: "documents", partition: 0, record: Record(kind: "x").id)], slice: digest(2))
        let inputs: [(KeyDocument.Phase, TaskSpec.Input)] = [
            (.apply, .partition(["documents": shard], slice: nil)), (.apply, .partition(["documents": shard], slice: digest(3))),
            (.sketch, .partition(["documents": shard], slice: nil)), (.combine, .sketches([digest(4), digest(5)])),
            (.examine, .group(group, shards: [:])), (.apply, .group(group, shards: [:])),
            (.decide, .verdicts(partitionCount: 2, carry: digest(6), groups: [(group, digest(7))])),
        ]
        let sources = SourcePartition(sources: [
            .init(locator: "a.html", digest: digest(8), facts: [:], bytes: nil),
            .init(locator: "b.html", digest: digest(9), facts: ["contentType": "text/html"], bytes: nil),
        ])
        return [("sources", runner.keyDocument(of: sources, stage: 0))]
            + (inputs.map { phase, input in
                let spec = TaskSpec(id: TaskID(stage: 1, phase: phase, index: 0), input: input)
                return ("\(phase)", runner.keyDocument(of: spec))
            })
    }

    /// What must be said when the member at this path is another. A member without a line here fails the test: it needs
    /// words of its own in `Reason` first.
    private static func words(_ path: [String]) -> [String]? {
        switch path.first {
        case "protocol", "phase": return path
        case "plugin": return ["plugin", path[1]]
        case "parameters": return ["parameter", path[1]]
        case "libraries": return ["library", path[1]]
        case "environment": return ["environment", path[1]]
        case "inputs": break
        default: return nil
        }
        switch (path[1], path.last ?? "") {
        case ("sources", "0"): return ["source", "was renamed"]
        case ("sources", "1"): return ["source", "changed"]
        case ("sources", let fact): return ["source b.html: \(fact): \"text/html\" became"]
        case ("roles", _): return ["its", path[2], "changed"]
        case ("slice", _): return ["what the other partitions mean for it changed"]
        case ("sketches", _): return ["the sketch of a partition changed"]
        case ("partitions", _): return ["the number of partitions: 2 became 3"]
        case ("carry", _): return ["what combine hands on to decide changed"]
        case ("groups", "verdict"): return ["a verdict changed"]
        case ("groups", _): return ["which records belong together changed"]
        default: return nil
        }
    }

    /// The places of all values in a document that hold no others, as members and indices.
    private static func leaves(_ json: JSON, _ path: [String] = []) -> [[String]] {
        switch json {
        case .object(let members) where !members.isEmpty:
            members.sorted { $0.key < $1.key }.flatMap { leaves($0.value, path + [$0.key]) }
        case .array(let elements) where !elements.isEmpty:
            elements.enumerated().flatMap { leaves($0.element, path + ["\($0.offset)"]) }
        default: [path]
        }
    }

    /// The document with another value of the same kind at this place.
    private static func altered(_ json: JSON, _ path: ArraySlice<String>) -> (json: JSON, old: JSON, new: JSON) {
        guard let step = path.first else {
            let new: JSON =
                switch json {
                case .integer(let number): .integer(number + 1)
                case .string(let text) where Digest(text) != nil: .string(digest(99).description)
                case .string(let text): .string(text + "x")
                case .object: ["x": "1"]
                case .array: ["x"]
                default: "x"
                }
            return (new, json, new)
        }
        switch json {
        case .object(var members):
            let inner = altered(members[step] ?? nil, path.dropFirst())
            members[step] = inner.json
            return (.object(members), inner.old, inner.new)
        case .array(var elements):
            let index = Int(step) ?? 0
            let inner = altered(elements[index], path.dropFirst())
            elements[index] = inner.json
            return (.array(elements), inner.old, inner.new)
        default: return (json, json, json)
        }
    }

    @Test("each member of each kind of key, changed alone, is named, with both values where they are short")
    func everyMember() throws {
        var members: Set<String> = []
        for (name, document) in try ReasonTests.documents() {
            for path in ReasonTests.leaves(document.json) {
                let (json, old, new) = ReasonTests.altered(document.json, path[...])
                // An empty object gets its first member.
                let full = old.object == nil ? path : path + ["x"]
                members.insert(full.prefix(2).joined(separator: "."))
                let said = Reason.changed(from: document, to: KeyDocument(json: json)).description
                guard let words = ReasonTests.words(full) else {
                    Issue.record("\(name): \(path.joined(separator: ".")) has no words of its own; now it says: \(said)")
                    continue
                }
                for word in words { #expect(said.contains(word), "\(name), \(path): \(said)") }
                if path[0] != "inputs" && old.object == nil {
                    let values = [old, new].map { $0.string.map { "\"\($0)\"" } ?? $0.description }
                    #expect(said.contains("\(values[0]) became \(values[1])"), "\(name), \(path): \(said)")
                }
                #expect(!said.contains("; "), "one change is one fact: \(said)")
            }
        }
        #expect(
            members.isSuperset(of: [
                "protocol", "plugin.name", "plugin.version", "phase", "parameters.letter", "libraries.cld2", "environment.x",
                "inputs.sources", "inputs.roles", "inputs.slice", "inputs.sketches", "inputs.carry", "inputs.groups",
                "inputs.partitions",
            ]))
    }

    @Test("a member that comes or goes is named, as is nothing in the place of its value")
    func comingAndGoing() throws {
        let (_, document) = try #require(try ReasonTests.documents().first { $0.name == "apply" })
        for member in ["parameters", "libraries", "environment"] {
            guard case .object(var all) = document.json, case .object(var inner)? = all[member] else { continue }
            inner["marks"] = "a"
            all[member] = .object(inner)
            let more = KeyDocument(json: .object(all))
            let came = Reason.changed(from: document, to: more).description
            let went = Reason.changed(from: more, to: document).description
            #expect(came.hasSuffix(" marks: nothing became \"a\""), "\(came)")
            #expect(went.hasSuffix(" marks: \"a\" became nothing"), "\(went)")
        }
    }

    @Test("sources that came, went, changed and were renamed are told apart by what they hold")
    func sources() {
        func document(_ sources: [(String, UInt8)]) -> KeyDocument {
            let list = sources.map { JSON.array([.string($0.0), .string(ReasonTests.digest($0.1).description)]) }
            return KeyDocument(plugin: "p", version: "1", phase: .apply, parameters: [:], inputs: ["sources": .array(list)])
        }
        func reason(_ old: [(String, UInt8)], _ new: [(String, UInt8)]) -> String {
            Reason.changed(from: document(old), to: document(new)).description
        }
        #expect(reason([("a", 1), ("b", 2)], [("a", 1), ("c", 2)]) == "source b was renamed c")
        #expect(reason([("a", 1), ("b", 2)], [("b", 2), ("z", 1)]) == "source a was renamed z")
        #expect(reason([("a", 1)], [("a", 1), ("b", 1)]) == "source b was added", "a copy is no renaming")
        #expect(reason([("a", 1), ("b", 1)], [("b", 1)]) == "source a was removed")
        #expect(reason([("a", 1), ("b", 1)], [("c", 1), ("d", 1)]) == "source a was renamed c; source b was renamed d")
        #expect(reason([("a", 1), ("b", 1)], [("c", 1)]) == "source b was removed; source a was renamed c")
        #expect(reason([("a", 1), ("b", 2)], [("a", 2), ("b", 1)]) == "source a changed; source b changed")
        #expect(reason([("a", 1), ("b", 2)], [("b", 2), ("a", 1)]) == "the order of its sources changed")
        #expect(reason([("e\u{301}", 1)], [("\u{E9}", 1)]) == "source e\u{301} was renamed \u{E9}")
    }

    @Test("a library of another version runs the stage that declares it again, and is named with both versions")
    func library() throws {
        let bench = try Bench()
        let script = Bench.pages(100)
        let first = try bench.run(script, libraries: ["uchardet": "0.0.7"])
        let same = try bench.run(script, libraries: ["uchardet": "0.0.7"])
        #expect(same.stages.allSatisfy { $0.executed == 0 })
        let other = try bench.run(script, libraries: ["uchardet": "0.0.8"])
        #expect(other.stages[1].hits == 0 && other.stages[1].executed == first.stages[1].executed)
        #expect(other.stages[0].executed == 0, "fetch of this test declares no library")
        #expect(other.stages[2].executed == 0, "copy came to the same, so what is behind it has nothing to do")
        #expect(other.stages.map(\.artifact) == first.stages.map(\.artifact))
        let reasons = bench.reporter.reasons.withLock { $0 }.filter { $0.key.hasPrefix("copy ") }
        #expect(reasons.count == other.stages[1].executed)
        for (task, reason) in reasons {
            #expect(reason.description == "library uchardet: \"0.0.7\" became \"0.0.8\"", "\(task)")
        }
    }
}
