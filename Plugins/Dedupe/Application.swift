import HeadwaterModel
import HeadwaterPluginKit

/// Carries a decision out on the documents of its partition: drops, passes on, takes passages out, and notes what was found.
struct Application {
    private let settings: Settings
    private let dropped: [RecordID: Decision.Dropped]
    private let survivors: [RecordID: Decision.Survivor]
    private let passages: [RecordID: [Decision.Passage]]
    private let carriers: [RecordID: [Decision.Carrier]]

    init(_ decision: Decision, _ settings: Settings) {
        self.settings = settings
        dropped = Dictionary(decision.dropped.map { ($0.record, $0) }, uniquingKeysWith: { first, _ in first })
        survivors = Dictionary(decision.survivors.map { ($0.record, $0) }, uniquingKeysWith: { first, _ in first })
        passages = Dictionary(grouping: decision.passages, by: \.record)
        carriers = Dictionary(grouping: decision.carriers, by: \.record)
    }

    func carryOut(on documents: [InputRecord], to output: any StageOutput) throws {
        for document in documents {
            if let dropped = dropped[document.id] {
                output.drop(drop(dropped))
                try noteCarriers(document, as: document.id, output)
                continue
            }
            let repeats = settings.levels.contains(.repeats) ? try DocumentRepeats(document, settings).passages : []
            let shared = (passages[document.id] ?? []) + repeats
            let cut = settings.passages == .remove ? shared.filter { !$0.isHolder } : []
            let emitted = cut.isEmpty ? document.id : try emit(document, without: cut, output)
            if cut.isEmpty { try output.pass(document) }
            // What was left out altogether is told of by its own id.
            let id = emitted ?? document.id
            if let survivor = survivors[document.id] { output.note(note(survivor, id)) }
            if !shared.isEmpty { try notePassages(shared, of: document, as: id, output) }
            try noteCarriers(document, as: id, output)
        }
    }

    // MARK: Documents left out

    private func drop(_ dropped: Decision.Dropped) -> Drop {
        let match = dropped.match
        var details: [String: JSON] = [
            "level": .string(match.level.rawValue), "similarity": .integer(match.comparison.similarity),
            "ranges": Application.pairs(match.ranges.map(\.a)), "there": Application.pairs(match.ranges.map(\.b)),
        ]
        if match.level != .bytes && match.level != .text {
            details["jaccard"] = .integer(match.comparison.jaccard)
            details["share"] = .integer(match.share)
            details["comparedWith"] = .string(match.with.description)
            let isNamed = match.level == .url || match.level == .canonical
            details["threshold"] = .integer(isNamed ? settings.agreement : settings.similarity)
        }
        if match.level == .containment {
            details["whole"] = .string((match.isWhole ? dropped.record : match.with).description)
        }
        return Drop(dropped.record, reason: match.level.reason, survivor: dropped.survivor, details: details)
    }

    private func note(_ survivor: Decision.Survivor, _ id: RecordID) -> Note {
        Note(
            id, kind: "stands-for", reason: "duplicates",
            details: [
                "records": .array(survivor.standsFor.map { .string($0.record.description) }),
                "levels": .array(survivor.standsFor.map { .string($0.level.rawValue) }),
                "similarities": .array(survivor.standsFor.map { .integer($0.similarity) }),
            ])
    }

    // MARK: Passages

    /// - Returns: nil where nothing is left.
    private func emit(_ document: InputRecord, without cut: [Decision.Passage], _ output: any StageOutput) throws -> RecordID? {
        let text = try document.text()
        let rest = PassageCut(text, cut.map(\.ranges.a)).rest
        guard !rest.trimmed().isEmpty else {
            let with = cut.first { $0.with != document.id }
            output.drop(
                Drop(
                    document.id, reason: Level.passages.reason, survivor: with?.with,
                    details: ["level": .string(Level.passages.rawValue), "passages": .integer(cut.count)]))
            return nil
        }
        return try output.emit(RecordDraft(continuing: document, text: rest))
    }

    private func notePassages(
        _ passages: [Decision.Passage], of document: InputRecord, as id: RecordID, _ output: any StageOutput
    ) throws {
        let text = try document.text()
        for passage in passages {
            let isRepeat = passage.with == document.id
            let about = PassageCut.checked(passage.ranges.a, text).map { text[$0] }
            output.note(
                Note(
                    id, kind: "passage", reason: isRepeat ? "repeated" : passage.isHolder ? "held" : "shared", about: about,
                    details: [
                        "with": .string(passage.with.description), "range": Application.pair(passage.ranges.a),
                        "there": Application.pair(passage.ranges.b), "words": .integer(passage.words),
                        "similarity": .integer(passage.similarity),
                        "removed": .bool(settings.passages == .remove && !passage.isHolder),
                    ]))
        }
    }

    // MARK: Syndication

    private func noteCarriers(_ document: InputRecord, as id: RecordID, _ output: any StageOutput) throws {
        guard let carriers = carriers[document.id] else { return }
        let text = try document.text()
        func host(_ fields: [String: JSON]) -> String? {
            DocumentAddresses(fields).host.map { String(decoding: $0, as: UTF8.self) }
        }
        for carrier in carriers {
            var cited = TracedText()
            for range in carrier.ranges.compactMap({ PassageCut.checked($0, text) }) { cited.append(text, range) }
            let appearance = carrier.appearance
            var details: [String: JSON] = [
                "group": .string(appearance.locator.isEmpty ? carrier.origin.short : appearance.locator),
                "rank": .integer(carrier.rank),
                "origin": .string(carrier.origin.description), "originLocator": .string(appearance.locator),
                "level": .string(carrier.level.rawValue),
                "share": .integer(carrier.share), "order": .string(carrier.isLater ? "published" : "unknown"),
            ]
            details["originPublished"] = appearance.published.isEmpty ? nil : .string(appearance.published)
            details["originHost"] = host(["locator": .string(appearance.locator)]).map { .string($0) }
            details["host"] = host(document.fields).map { .string($0) }
            for field in ["locator", "published", "title", "site", "syndicatedFrom"] { details[field] = document.fields[field] }
            output.note(
                Note(
                    id, kind: "syndication", reason: carrier.level == .passages ? "passage" : "text",
                    about: cited.isEmpty ? text : cited, details: details))
        }
    }

    /// `[start, length]`
    private static func pair(_ range: Range<Int>) -> JSON { [.integer(range.lowerBound), .integer(range.count)] }

    private static func pairs(_ ranges: [Range<Int>]) -> JSON { .array(ranges.map(pair)) }
}
