import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterPluginKit
@testable import HeadwaterWorkers
@testable import passages_swift

@Suite struct TranscriptTests {
    @Test("what a transcript has the engine say is what it writes, to the byte", arguments: Transcript.all)
    func questions(name: String) throws {
        for case .toPlugin(let line) in try Transcript(name).lines {
            guard let message = try EngineMessage(line: line) else {
                #expect(String(decoding: line, as: UTF8.self).contains("a later version"))
                continue
            }
            #expect(String(decoding: message.line, as: UTF8.self) == String(decoding: line + [0x0A], as: UTF8.self))
        }
    }

    @Test("what a transcript has the plugin say is read, and written again means the same", arguments: Transcript.all)
    func answers(name: String) throws {
        for message in try Transcript(name).answers { #expect(try PluginMessage(line: message.line) == message) }
    }

    @Test("the engine takes every message of every transcript", arguments: Transcript.all)
    func taken(name: String) throws {
        for task in try Transcript(name).tasks {
            let session = task.session(Kept())
            for answer in task.answers {
                if case .failed(_, let refusal) = answer {
                    let error = #expect(throws: StageError.self) { try session.take(answer) }
                    #expect(error?.description == refusal.message)
                    #expect(error?.parameter == refusal.parameter && error?.element == refusal.element)
                    #expect(error?.isTransient == refusal.isTransient)
                } else {
                    try session.take(answer)
                }
            }
        }
    }

    @Test("the engine cuts the texts of records out of the input by itself")
    func texts() throws {
        let task = try Transcript("pieces").tasks[0]
        let kept = Kept()
        let session = task.session(kept)
        for answer in task.answers { try session.take(answer) }
        #expect(session.isDone)
        #expect(
            kept.records.map(\.string) == [
                "Brief: the river rose in the night.\n", "The  River\nrose in the night.", "It rose and fell.", "One line.",
                "Brief: the market opens again on monday.\n", "The market opens again on Monday.",
            ])
        #expect(kept.records.map(\.kind) == ["brief", "document", "summary", "document", "brief", "document"])
        // A label has no source, a rewritten part says by which rules, what is made up rests on its evidence.
        #expect(kept.records[0].segments.first?.mode == .synthetic)
        #expect(kept.records[0].segments.contains { $0.mode.isRewritten })
        #expect(kept.records[2].segments.map(\.mode) == [.supported])
        #expect(kept.records[2].evidence.map(\.range) == [ByteRange(start: 0, length: 19), ByteRange(start: 44, length: 16)])
        // A field that is taken over is cited where it was read; so is what a record goes on from.
        #expect(kept.records[0].cites["title"] != nil && kept.records[1].cites["title"] != nil)
        #expect(kept.records[1].fields["language"] == "en")
        #expect(kept.drops.map(\.reason) == ["draft"])
        #expect(kept.notes.map(\.record) == [kept.records[0].id, kept.records[0].id])
        #expect(kept.notes.flatMap(\.cites).map(\.range.start) == [30, 44])
    }

    @Test("slices, groups, verdicts and what is carried on reach the engine")
    func rounds() throws {
        let sessions = try Transcript("five-rounds").tasks.map { task in
            let session = task.session(Kept())
            for answer in task.answers { try session.take(answer) }
            return session
        }
        #expect(sessions.map { $0.result != nil } == [true, true, false, true, false, false, false])
        #expect(sessions[2].groups.map(\.key) == ["Lost cat"])
        #expect(sessions[2].groups[0].members.map(\.partition) == [0, 1])
        #expect(sessions[2].carry == Array("1".utf8))
        #expect(sessions[4].slices.map(\.isEmpty) == [true, false])
    }

    @Test(
        "a stage in Swift, served over pipes, says what the transcript says",
        arguments: [
            ("apply", Passages.self as any Stage.Type), ("five-rounds", Twins.self), ("slices", Rare.self),
            ("failures", Refusing.self),
        ])
    func served(name: String, stage: any Stage.Type) throws {
        let transcript = try Transcript(name)
        let said = try Served.answers(of: stage, to: transcript.questions)
        // What only the other kit says: an empty `carry`, and the record that a slice is from where it goes without saying.
        #expect(said.dropFirst().map(\.plain) == (try transcript.answers).dropFirst().map(\.plain))
    }

    @Test("words that a stage in Swift makes up come with what they rest on, and give the record that they give in this process")
    func generated() throws {
        let transcript = try Transcript("apply")
        let task = try #require(try transcript.tasks.first)
        let kept = Kept()
        let session = task.session(kept)
        for message in try Served.answers(of: Inventing<Grounded>.self, to: transcript.questions)
        where message.task == task.request.task { try session.take(message) }
        var origins: [Digest: ToldRecord.Origin] = [:]
        let inputs = Partition(task.records.mapValues { $0.map { ToldRecord.input($0, &origins) } })
        let own = Kept()
        try Inventing<Grounded>(parameters: Parameters(["word": "river"], declared: Inventing<Grounded>.declaration.parameters))
            .apply(inputs, slice: [], to: own)
        #expect(kept.records == own.records && !own.records.isEmpty)
        let record = try #require(own.records.first)
        #expect(record.segments.map(\.mode) == [.supported, .verbatim, .supported])
        #expect(record.evidence.map(\.range) == [ByteRange(start: 0, length: 3), ByteRange(start: 4, length: 2)])
    }

    @Test("made-up words that rest on nothing are refused, and it is said how to say what they rest on")
    func groundless() throws {
        let transcript = try Transcript("apply")
        let said = try Served.answers(of: Inventing<Groundless>.self, to: transcript.questions)
        guard case .failed(1, let refusal)? = said.dropFirst().first else {
            Issue.record("\(said)")
            return
        }
        #expect(refusal.message.contains("rest(on:)"))
    }
}

/// What made-up words rest on.
private protocol Grounds { static func rest(_ draft: inout RecordDraft, on text: TracedText) }

private enum Groundless: Grounds {
    static func rest(_ draft: inout RecordDraft, on text: TracedText) {}
}

private enum Grounded: Grounds {
    static func rest(_ draft: inout RecordDraft, on text: TracedText) {
        for range in [0..<3, 4..<6, 0..<3] { draft.rest(on: text[range]) }
    }
}

/// Makes words up, before and after some that it found.
private struct Inventing<G: Grounds>: Stage {
    static var declaration: PluginDeclaration {
        PluginDeclaration(
            name: "inventing", version: "1", summary: "Invent", inputs: [.init("documents")],
            parameters: [ParameterDeclaration("word", .text, help: "a word")], emits: ["summary"])
    }

    init(parameters: Parameters) throws {}

    func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        for document in partition["documents"] {
            let text = try document.text()
            let words = TracedText.generated("Water: ") + text[0..<3] + .generated("!")
            var draft = RecordDraft(kind: "summary", text: words, parents: [document.id])
            G.rest(&draft, on: text)
            try output.emit(draft)
        }
    }
}

extension Segment.Mode {
    fileprivate var isRewritten: Bool { if case .rewritten = self { true } else { false } }
}

extension PluginMessage {
    /// The message with everything said that goes without saying.
    fileprivate var plain: PluginMessage {
        guard case .emit(let task, var emission) = self else { return self }
        let only = emission.continued ?? (emission.parents.count == 1 ? emission.parents[0] : nil)
        func named(_ slice: TextPiece.Slice) -> TextPiece.Slice { .init(record: slice.record ?? only, range: slice.range) }
        emission.text = emission.text.map { piece in
            if case .slice(let slice, let rules) = piece { return .slice(named(slice), rules: rules) }
            return piece
        }
        emission.cites = emission.cites.mapValues { places in
            places.map { place in
                if case .slice(let slice) = place { return .slice(named(slice)) }
                return place
            }
        }
        return .emit(task: task, emission)
    }
}
