import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// What was left out of an artifact: dropped records, and blocks of text that did not come along.
struct DroppedText {
    let place: Resolver.ArtifactPlace
    let reader: DatasetReader
    let asJSON: Bool

    func show(limit: Int?) throws {
        var shown = 0
        for shard in place.dataset.shards {
            for drop in try reader.side(shard.dropsDigest) {
                if let limit, shown >= limit { return }
                shown += 1
                asJSON ? Console.line(drop.description) : try show(drop: drop)
            }
            for note in try reader.side(shard.notesDigest) {
                if let limit, shown >= limit { return }
                shown += 1
                asJSON ? Console.line(note.description) : try show(note: note)
            }
        }
        if shown == 0, !asJSON { Console.line("nothing was left out") }
    }

    /// Records that are named one by one; of more only the number is given.
    private static let namedOneByOne = 3

    /// One line on the records that were left out; nil if none was.
    func summary() throws -> String? {
        let counts = place.dataset.drops
        let total = counts.values.reduce(0, +)
        if total == 0 { return nil }
        if total > DroppedText.namedOneByOne {
            let reasons = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            return "\(reasons); see headwater records \(place.stage.name) --dropped"
        }
        let drops = try place.dataset.shards.flatMap { try reader.side($0.dropsDigest) }
        return try drops.map { "\(try name(of: $0)) (\($0["reason"]?.string ?? ""))" }.joined(separator: ", ")
    }

    private func show(drop: JSON) throws {
        let style = Style.standardOutput
        var line = "\(style.bold("dropped")) \(try name(of: drop)): \(drop["reason"]?.string ?? "")"
        if let survivor = drop["survivor"]?.string { line += ", stands for it: \(try name(survivor))" }
        if let details = drop["details"]?.object, !details.isEmpty { line += " \(JSON.object(details))" }
        Console.line(line)
    }

    private func show(note: JSON) throws {
        let style = Style.standardOutput
        Console.line(
            "\(style.bold(note["kind"]?.string ?? "note")) \(try name(note["record"]?.string ?? "")): \(note["reason"]?.string ?? "")"
        )
        for cite in note["cites"]?.array ?? [] {
            guard let parts = cite.array, parts.count == 3, let source = parts[0].string.flatMap({ Digest($0) }),
                let start = parts[1].integer,
                let length = parts[2].integer
            else { continue }
            let bytes = try reader.store.blob(source)
            guard let range = ByteRange(start: start, length: length).checked(within: bytes.count) else { continue }
            let locators = try SourceLocators(of: [source], in: place.run.stages, store: reader.store)
            let text = locators.charset(of: source).decode(Array(bytes[range])).text
            let line = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            Console.line("  bytes \(start)–\(start + length): \(line.count > 120 ? line.prefix(119) + "…" : line[...])")
        }
        if let details = note["details"]?.object, !details.isEmpty { Console.line("  \(JSON.object(details))") }
    }

    /// What was dropped. A source that came no further than its own stage has no record to be looked up.
    private func name(of drop: JSON) throws -> String {
        if let locator = drop["details"]?["locator"]?.string { return locator }
        return try name(drop["record"]?.string ?? "")
    }

    /// A record by its locator where it has one, looked up upstream of the stage and in it.
    private func name(_ id: String) throws -> String {
        for stage in [place.stage] + place.stage.inputs.compactMap({ place.run.stage($0.stage) }) {
            guard let artifact = stage.artifact else { continue }
            if let found = try reader.records(startingWith: id, of: try reader.dataset(artifact)).first {
                return found.record.fields["locator"]?.string ?? found.record.id.short
            }
        }
        return String(id.prefix(12))
    }
}
