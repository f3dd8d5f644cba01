import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterSummarize
import HeadwaterTesting

/// Makes invented pages and has them summed up.
final class Newsroom {
    let bench = StageBench()

    func page(
        _ text: String, _ locator: String, site: String? = nil, published: String? = nil, language: String? = nil
    ) -> InputRecord {
        var fields: [String: JSON] = ["locator": .string(locator)]
        if let site { fields["site"] = .string(site) }
        if let published { fields["published"] = .string(published) }
        if let language { fields["language"] = .string(language) }
        return bench.cleaned(text, fields: fields)
    }

    func stage(sentences: Int) throws -> Summarize {
        try Summarize(parameters: Parameters(["sentences": .integer(sentences)], declared: Summarize.declaration.parameters))
    }

    func records(_ partitions: [[String: [InputRecord]]], sentences: Int) throws -> [Record] {
        try bench.run(try stage(sentences: sentences), partitions).flatMap(\.records)
    }

    func summary(_ documents: [InputRecord], sentences: Int) throws -> [Record] {
        try records([["documents": documents]], sentences: sentences)
    }

    /// A page of sentences about few enough things that pages repeat and contradict each other.
    func randomPage(_ random: inout SplitMix, _ locator: String) -> InputRecord {
        let places = ["Tolvane", "Ombrey", "Grust", "Pell Sands"]
        let acts = [
            "closed the harbour bridge", "counted the seals on the beach", "sold the old ferry", "painted the lighthouse",
        ]
        let who = ["The council of", "Volunteers from", "Fishermen in", "The school at"]
        var sentences: [String] = []
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let figure = Int.random(in: 2...40, using: &random)
            let day = ["on Monday", "last week", "in the rain", "after a vote"].randomElement(using: &random) ?? ""
            let subject = "\(who.randomElement(using: &random) ?? "") \(places.randomElement(using: &random) ?? "")"
            sentences.append("\(subject) \(acts.randomElement(using: &random) ?? "") with \(figure) helpers \(day).")
        }
        let separator = Bool.random(using: &random) ? " " : "\n\n"
        return page(
            sentences.joined(separator: separator), locator,
            published: Bool.random(using: &random) ? "2025-06-\(figure2(&random))" : nil)
    }

    private func figure2(_ random: inout SplitMix) -> Int { Int.random(in: 10...28, using: &random) }
}

extension RecordDraft {
    /// The record that a stage's output would make of the draft.
    func sealedByBench(_ bench: StageBench) -> Record {
        let result = try? bench.apply(Emitting(draft: self), [:])
        return result?.records.first ?? Record(kind: kind)
    }
}

/// A stage that emits one draft.
private struct Emitting: Stage {
    static let declaration = PluginDeclaration(name: "emitting", version: "1", summary: "", inputs: [], emits: [])
    let draft: RecordDraft

    init(draft: RecordDraft) { self.draft = draft }
    init(parameters: Parameters) throws { throw StageError("made by hand only") }

    func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws { try output.emit(draft) }
}
