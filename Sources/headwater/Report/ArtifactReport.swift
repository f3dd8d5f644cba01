import HeadwaterLineage
import HeadwaterModel

/// A page on an artifact: what was left out of it and why, in numbers, and block by block for some of its documents.
///
/// One shard and one source is in memory at a time, beside what the page says of the sources it shows.
struct ArtifactReport {
    private let place: Resolver.ArtifactPlace
    private let chosen: Resolver.RecordPlace?
    private let limit: Int
    private let reader: DatasetReader
    private let tally: Tally
    private let locators: SourceLocators

    /// - Parameter chosen: the only record to be shown; nil for the first ones.
    init(of place: Resolver.ArtifactPlace, only chosen: Resolver.RecordPlace?, limit: Int, reader: DatasetReader) throws {
        self.place = place
        self.chosen = chosen
        self.limit = limit
        self.reader = reader
        tally = try Tally(place.dataset, reader)
        var sources: Set<Digest> = []
        try ArtifactReport.forEachDocument(place.dataset, chosen, limit, reader) { _, record, notes in
            sources.formUnion(record.sources)
            sources.formUnion(notes.flatMap { $0.cites.map(\.source) })
        }
        locators = try SourceLocators(of: sources, in: place.run.stages, store: reader.store)
    }

    /// Of records in the artifact.
    var total: Int { place.dataset.recordCount }

    /// Hands the page over part by part.
    ///
    /// - Returns: how many documents it shows.
    func write(_ put: (String) throws -> Void) throws -> Int {
        let title = "\(place.run.pipeline)/\(place.stage.name)"
        try put(ReportMarkup.begin(title: title, about: about))
        try put(tally.markup)
        var shown = 0
        var sources = SourceCache(store: reader.store)
        try ArtifactReport.forEachDocument(place.dataset, chosen, limit, reader) { number, record, notes in
            try put(try DocumentSection(record, number: number, notes, locators).markup(&sources))
            shown += 1
        }
        if chosen == nil { try put(try drops()) }
        try put(ReportMarkup.end)
        return shown
    }

    private var about: String {
        let documents = counted(total, "record")
        return "\(place.stage.plugin) \(place.stage.version), run:\(place.run.id), artifact \(place.digest.short): \(documents), "
            + "\(ByteCount.text(tally.textBytes)) of text kept, \(ByteCount.text(tally.leftOutBytes)) of blocks left out"
    }

    /// Calls `body` with the documents that are shown, their numbers, and what was noted about each.
    private static func forEachDocument(
        _ dataset: Dataset, _ chosen: Resolver.RecordPlace?, _ limit: Int, _ reader: DatasetReader,
        _ body: (Int, Record, [StoredNote]) throws -> Void
    ) throws {
        if let chosen {
            let notes = try reader.side(dataset.shards[chosen.shard].notesDigest).map { StoredNote(json: $0) }
            return try body(chosen.number, chosen.record, notes.filter { $0.record == chosen.record.id })
        }
        var number = 0
        for shard in dataset.shards where number < limit {
            let notes = Dictionary(grouping: try reader.side(shard.notesDigest).map { StoredNote(json: $0) }, by: \.record)
            for record in try reader.records(of: shard.digest).prefix(limit - number) {
                try body(number, record, notes[record.id] ?? [])
                number += 1
            }
        }
    }

    /// Records that were left out altogether.
    private func drops() throws -> String {
        var rows = ""
        var listed = 0
        for shard in place.dataset.shards where listed < limit {
            for drop in try reader.side(shard.dropsDigest).prefix(limit - listed) {
                listed += 1
                var details = drop["details"]?.object ?? [:]
                let name = details.removeValue(forKey: "locator")?.string ?? drop["record"]?.string ?? ""
                let more = details.isEmpty ? "" : " <small>\(HTMLText.of(JSON.object(details).description))</small>"
                rows +=
                    "<li><code>\(HTMLText.of(name))</code>: <b class=\"reason\">\(HTMLText.of(drop["reason"]?.string ?? ""))</b>"
                    + "\(more)</li>\n"
            }
        }
        if rows.isEmpty { return "" }
        let total = place.dataset.dropCounts.values.reduce(0, +)
        let heading = listed < total ? "The first \(listed) of \(total) records left out" : "Records left out"
        return "<section>\n<h2>\(heading)</h2>\n<ul>\n\(rows)</ul>\n</section>\n"
    }
}

/// What was left out of all of an artifact, by reason.
private struct Tally {
    private(set) var textBytes = 0
    private(set) var leftOutBytes = 0
    private var blocks: [String: (count: Int, bytes: Int)] = [:]
    private let drops: [String: Int]

    init(_ dataset: Dataset, _ reader: DatasetReader) throws {
        drops = dataset.dropCounts
        for shard in dataset.shards {
            for record in try reader.records(of: shard.digest) { textBytes += record.text.count }
            for note in try reader.side(shard.notesDigest).map({ StoredNote(json: $0) }) where note.kind == StoredNote.block {
                let bytes = note.cites.reduce(0) { $0 + ($1.range.checked(within: Int.max)?.count ?? 0) }
                blocks[note.reason, default: (0, 0)].count += 1
                blocks[note.reason, default: (0, 0)].bytes += bytes
                leftOutBytes += bytes
            }
        }
    }

    var markup: String {
        var out = ""
        if !blocks.isEmpty {
            out += "<table class=\"counts\">\n<tr><th>blocks left out</th><th>number</th><th>bytes</th></tr>\n"
            for (reason, block) in blocks.sorted(by: { ($1.value.bytes, $0.key) < ($0.value.bytes, $1.key) }) {
                out += "<tr><td>\(HTMLText.of(reason))</td><td>\(block.count)</td><td>\(ByteCount.text(block.bytes))</td></tr>\n"
            }
            out += "</table>\n"
        }
        if !drops.isEmpty {
            out += "<table class=\"counts\">\n<tr><th>records left out</th><th>number</th></tr>\n"
            for (reason, count) in drops.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                out += "<tr><td>\(HTMLText.of(reason))</td><td>\(count)</td></tr>\n"
            }
            out += "</table>\n"
        }
        return out
    }
}
