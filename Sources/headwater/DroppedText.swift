import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// What was left out of an artifact: dropped records, and blocks of text that did not come along.
struct DroppedText {
    let place: Resolver.ArtifactPlace
    let reader: DatasetReader
    let asJSON: Bool
    /// Only what is said of this record; nil for all.
    var record: RecordID?

    func show(limit: Int?) throws {
        // JSON needs no names, so that nothing need be looked up for it.
        let names = asJSON ? nil : try Names(of: self, limit: limit)
        var sources = SourceCache(store: reader.store)
        var shown = 0
        try forEachLine(limit: limit) { line in
            shown += 1
            switch (line, names) {
            case (.drop(let json), nil), (.note(let json), nil): Console.line(json.description)
            case (.drop(let drop), let names?): show(drop: drop, names)
            case (.note(let note), let names?): try show(note: note, names, &sources)
            }
        }
        if shown == 0, !asJSON, record == nil { Console.line("nothing was left out") }
    }

    private enum Line { case drop(JSON), note(JSON) }

    private func forEachLine(limit: Int?, _ body: (Line) throws -> Void) throws {
        var left = limit ?? .max
        for shard in place.dataset.shards {
            let drops = try reader.side(shard.dropsDigest).filter(isWanted).prefix(left)
            for drop in drops { try body(.drop(drop)) }
            left -= drops.count
            let notes = try reader.side(shard.notesDigest).filter(isWanted).prefix(left)
            for note in notes { try body(.note(note)) }
            left -= notes.count
            if left == 0 { return }
        }
    }

    /// Of one record, what its fields were chosen among is told apart (`FieldCandidates`).
    private func isWanted(_ line: JSON) -> Bool {
        guard let record else { return true }
        return DroppedText.id(line["record"]) == record && line["kind"]?.string != FieldCandidates.kind
    }

    /// The lines themselves, of drops and of notes.
    func lines() throws -> (drops: [JSON], notes: [JSON]) {
        var lines: (drops: [JSON], notes: [JSON]) = ([], [])
        try forEachLine(limit: nil) { line in
            switch line {
            case .drop(let json): lines.drops.append(json)
            case .note(let json): lines.notes.append(json)
            }
        }
        return lines
    }

    /// What the lines name, looked up once for all of them.
    private struct Names {
        let records: RecordNames
        let locators: SourceLocators

        init(of dropped: DroppedText, limit: Int?) throws {
            var records: Set<RecordID> = []
            var sources: Set<Digest> = []
            try dropped.forEachLine(limit: limit) { line in
                switch line {
                case .drop(let drop): records.formUnion([drop["record"], drop["survivor"]].compactMap(DroppedText.id))
                case .note(let note):
                    records.formUnion([note["record"]].compactMap(DroppedText.id))
                    sources.formUnion(StoredNote(json: note).cites.map(\.source))
                }
            }
            self.records = try dropped.names(of: records)
            locators = try SourceLocators(of: sources, in: dropped.place.run.stages, store: dropped.reader.store)
        }

        /// What a drop leaves out. A source that came no further than its own stage has no record to be looked up.
        func name(of drop: JSON) -> String {
            drop["details"]?["locator"]?.string.map(VisibleText.of) ?? name(drop["record"])
        }

        /// As a person reads it.
        func name(_ json: JSON?) -> String { VisibleText.of(DroppedText.id(json).map { records[$0] } ?? json?.string ?? "") }
    }

    /// Records are looked up in the stage and upstream of it.
    private func names(of records: Set<RecordID>) throws -> RecordNames {
        let stages = [place.stage] + place.stage.inputs.compactMap { place.run.stage($0.stage) }
        return try RecordNames(of: records, in: stages, store: reader.store)
    }

    private static func id(_ json: JSON?) -> RecordID? { json?.string.flatMap { RecordID($0) } }

    /// Records that are named one by one; of more only the number is given.
    private static let namedOneByOne = 3

    /// One line on the records that were left out; nil if none was.
    func summary() throws -> String? {
        let counts = place.dataset.dropCounts
        let total = counts.values.reduce(0, +)
        if total == 0 { return nil }
        if total > DroppedText.namedOneByOne {
            let reasons = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            return "\(VisibleText.of(reasons)); see headwater records \(place.stage.name) --dropped"
        }
        let drops = try place.dataset.shards.flatMap { try reader.side($0.dropsDigest) }
        let names = try names(of: Set(drops.compactMap { DroppedText.id($0["record"]) }))
        return drops.map { drop in
            let name = drop["details"]?["locator"]?.string ?? DroppedText.id(drop["record"]).map { names[$0] } ?? ""
            return VisibleText.of("\(name) (\(drop["reason"]?.string ?? ""))")
        }.joined(separator: ", ")
    }

    private func show(drop: JSON, _ names: Names) {
        let style = Style.standardOutput
        var line = "\(style.bold("dropped")) \(names.name(of: drop)): \(VisibleText.of(drop["reason"]?.string ?? ""))"
        if let survivor = drop["survivor"] { line += ", stands for it: \(names.name(survivor))" }
        if let details = drop["details"]?.object, !details.isEmpty { line += VisibleText.of(" \(JSON.object(details))") }
        Console.line(line)
    }

    private func show(note: JSON, _ names: Names, _ sources: inout SourceCache) throws {
        let style = Style.standardOutput
        let (name, note) = (names.name(note["record"]), StoredNote(json: note))
        Console.line("\(style.bold(VisibleText.of(note.kind))) \(name): \(VisibleText.of(note.reason))")
        for cite in note.cites {
            let bytes = try sources.bytes(of: cite.source)
            guard let range = cite.range.checked(within: bytes.count) else { continue }
            // So many bytes hold more characters than are shown, in any encoding.
            let start = bytes[range.prefix(DroppedText.longest * 8)]
            let charset = names.locators.charset(of: cite.source).starting(at: range.lowerBound, in: bytes)
            let text = charset.decode(Array(start), isStart: range.lowerBound == 0).text
            let line = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            let isWhole = start.count == range.count && line.count <= DroppedText.longest
            let shown = isWhole ? line : line.prefix(DroppedText.longest - 1) + "…"
            Console.line("  bytes \(range.lowerBound)–\(range.upperBound): \(VisibleText.of(shown))")
        }
        if !note.details.isEmpty { Console.line(VisibleText.of("  \(JSON.object(note.details))")) }
    }

    /// Characters of a block that are shown.
    private static let longest = 120
}
