import Foundation
import HeadwaterModel
import Testing

@testable import HeadwaterPluginKit
@testable import HeadwaterWorkers

@Suite struct RefusalTests {
    @Test("what cannot be is refused, and the message names the field, the record and what was expected")
    func refused() throws {
        let transcript = try Transcript("refused")
        // What the plugin says in the transcript is no part of the task that it is tried on.
        let engine = transcript.lines.filter { if case .toPlugin = $0 { true } else { false } }
        let task = try #require(try Transcript(name: "refused", lines: engine).tasks.first)
        var said: [[UInt8]] = []
        var count = 0
        for line in transcript.lines {
            switch line {
            case .toPlugin: continue
            case .toEngine(let bytes): said.append(bytes)
            case .refused(let expected):
                let kept = Kept()
                let session = task.session(kept)
                var problem = "taken"
                for (index, bytes) in said.enumerated() {
                    do {
                        try session.take(try PluginMessage(line: bytes))
                    } catch {
                        #expect(index == said.count - 1, "refused too early: \(error)")
                        problem = "\(error)"
                    }
                }
                #expect(problem == expected, "\(String(decoding: said.last ?? [], as: UTF8.self))")
                said = []
                count += 1
            }
        }
        #expect(count > 40 && said.isEmpty)
    }

    @Test("a round over all partitions takes no records, and no more slices than there are partitions")
    func overall() throws {
        let task = Transcript.Task(request: .init(task: 4, round: .combine, parameters: [:], partitions: 2))
        let session = task.session(Kept())
        for message in [PluginMessage.slice(task: 4, [1]), .slice(task: 4, [])] { try session.take(message) }
        try refuses("more slices than the 2 partitions") { try session.take(.slice(task: 4, [])) }
        try refuses("a emit in the round combine, which has none") {
            try session.take(.emit(task: 4, .init(kind: "k", parents: [], text: [])))
        }
        let sketch = Transcript.Task(request: .init(task: 5, round: .sketch, parameters: [:])).session(Kept())
        try sketch.take(.result(task: 5, [1]))
        try refuses("a second result") { try sketch.take(.result(task: 5, [2])) }
        try refuses("a slice in the round sketch, which has none") { try sketch.take(.slice(task: 5, [2])) }
    }

    @Test("two groups of one key are refused, whatever is in them")
    func groups() throws {
        let task = Transcript.Task(request: .init(task: 4, round: .combine, parameters: [:])).session(Kept())
        // Written in two ways, so that they are two keys.
        for key in ["e\u{301}", "\u{E9}"] { try task.take(.group(task: 4, WireGroup(key: key, members: [], slice: []))) }
        try refuses("key: there is a group \"\u{E9}\" already; each has a key of its own") {
            try task.take(.group(task: 4, WireGroup(key: "\u{E9}", members: [], slice: [1])))
        }
    }

    @Test("a record has a kind that the manifest declares, or the one of the record that it goes on from")
    func kinds() throws {
        let task = try #require(try Transcript("apply").tasks.first)
        let id = try #require(task.records["documents"]?.first?.id)
        var origins: [Digest: ToldRecord.Origin] = [:]
        let inputs = Partition(task.records.mapValues { $0.map { ToldRecord.input($0, &origins) } })
        func emit(_ kind: String, continued: RecordID? = nil, _ declared: [String]) throws {
            let session = TaskSession(
                task.request, inputs: TaskInputs(inputs, roles: ["documents"]), output: Kept(), emits: declared,
                context: ExternalStage.silent)
            let emission = PluginMessage.Emission(kind: kind, parents: [id], continued: continued, text: [.literal("x")])
            try session.take(.emit(task: task.request.task, emission))
        }
        try emit("passage", ["line", "passage"])
        try emit("", continued: id, ["line"])
        try emit("document", continued: id, ["line"])
        try refuses(
            "kind: its manifest says that it emits line, passage, not \"summary\" (emitted record 0 of the task)"
        ) { try emit("summary", ["line", "passage"]) }
        try refuses("kind: its manifest says that it emits line, not \"note\" (emitted record 0 of the task)") {
            try emit("note", continued: id, ["line"])
        }
        try refuses("kind: its manifest says that it emits no record, not \"line\" (emitted record 0 of the task)") {
            try emit("line", [])
        }
    }

    @Test("a refused record of many says which of them it was")
    func numbered() throws {
        let task = try #require(try Transcript("apply").tasks.first)
        let session = task.session(Kept())
        let id = try #require(task.records["documents"]?.first?.id)
        func emission(_ length: Int) -> PluginMessage {
            let piece = TextPiece.slice(.init(record: nil, range: ByteRange(start: 0, length: length)), rules: [])
            return .emit(task: 1, .init(kind: "k", parents: [id], text: [piece]))
        }
        for _ in 0..<3 { try session.take(emission(3)) }
        try refuses(
            "text[0].slice: bytes 0 to 999 are not all in the text of record \(id.short), which has 83 (emitted record 3 of the task)"
        ) { try session.take(emission(999)) }
    }

    @Test("slices that only touch do not overlap, and those of different records never do")
    func touching() throws {
        let task = try #require(try Transcript("apply").tasks.first)
        let ids = (task.records["documents"] ?? []).map(\.id)
        func cite(_ record: Int, _ start: Int, _ length: Int) -> FieldCite {
            .slice(.init(record: ids[record], range: ByteRange(start: start, length: length)))
        }
        let cites = [cite(1, 4, 6), cite(1, 0, 4), cite(0, 3, 9), cite(1, 10, 1)]
        try task.session(Kept()).take(
            .emit(task: 1, .init(kind: "k", parents: ids, text: [.literal("x")], fields: ["f": 1], cites: ["f": cites])))
    }

    private func refuses(_ expected: String, _ body: () throws -> Void) throws {
        let fault = try #require(throws: MessageFault.self, performing: body)
        #expect(fault.description == expected)
    }
}
