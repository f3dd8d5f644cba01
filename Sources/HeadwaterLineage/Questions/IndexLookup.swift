import HeadwaterModel
import HeadwaterStore

/// Single things that a reference names, found through the index and read from the packs.
extension LineageIndex {
    /// A source in the latest run that read it.
    struct FoundSource {
        var digest: Digest
        var locator: String
        var charset: Charset
        var place: ShardPlace
    }

    /// Sources that have this locator, or a digest with these first digits; one for each digest and locator.
    func sources(_ condition: FindCondition, most: Int = .max) throws -> [FoundSource] {
        var terms: [[Term]] = []
        if condition.name == "locator" {
            terms = [[.field("locator".utf8, is: JSON.string(condition.value).canonical)]]
        } else if condition.value.utf8.count >= Term.digits {
            terms = [[.sourcePrefix(Array(condition.value.utf8))]]
        }
        var found: [FoundSource] = []
        try forEachShard(having: terms, in: RunRange(), where: { $0.isSource && !$0.isTree }) { shard, places in
            let bytes = try store.blob(shard.digest)
            for line in LineageIndex.lines(of: bytes, having: terms) {
                let record = try Record(reading: bytes, in: line)
                guard let digest = record.sources.first, let locator = record.fields["locator"]?.string else { continue }
                guard
                    condition.name == "locator"
                        ? locator.hasSameBytes(as: condition.value) : digest.hex.hasPrefix(condition.value)
                else { continue }
                let charset = record.fields["charset"]?.string.flatMap { Charset(label: $0) } ?? .windows1252
                for place in places {
                    // The run with the latest place counts, of whatever pipeline.
                    let known = found.firstIndex { $0.digest == digest && $0.locator.hasSameBytes(as: locator) }
                    let new = FoundSource(digest: digest, locator: locator, charset: charset, place: place)
                    guard let known else {
                        found.append(new)
                        continue
                    }
                    if (found[known].place.time, found[known].place.run) < (place.time, place.run) { found[known] = new }
                }
            }
            return found.count < most
        }
        // The latest first.
        return found.sorted { ($1.place.time, $1.place.run, $0.locator) < ($0.place.time, $0.place.run, $1.locator) }
    }

    /// Locators of sources that lie near this one in the order of locators, or have it in them; of a large corpus only some
    /// are looked at.
    func locators(near name: String, most: Int) throws -> [String] {
        let rows = try database.rows(
            """
            SELECT shard.digest FROM member JOIN shard ON shard.id = member.shard
            WHERE member.series IN (
                    SELECT edition.series FROM edition JOIN stage ON stage.edition = edition.id WHERE stage.inputs = '[]')
                AND member.last IS NULL AND CAST(member.partition AS BLOB) <= ?
            ORDER BY CAST(member.partition AS BLOB) DESC LIMIT 2
            """, .blob(Array(name.utf8)))
        let first = try database.rows(
            """
            SELECT shard.digest FROM member JOIN shard ON shard.id = member.shard
            WHERE member.series IN (
                    SELECT edition.series FROM edition JOIN stage ON stage.edition = edition.id WHERE stage.inputs = '[]')
                AND member.last IS NULL
            ORDER BY CAST(member.partition AS BLOB) LIMIT 64
            """)
        // By their bytes: names that Swift takes for equal may be of different files.
        var locators: Set<[UInt8]> = []
        for row in rows + first {
            guard let digest = row.first?.digest, let records = try? reader.records(of: digest) else { continue }
            locators.formUnion(records.compactMap { $0.fields["locator"]?.string.map { Array($0.utf8) } })
        }
        let all = locators.sorted { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) }
        let inside = all.filter { $0.contains(name) }
        if !inside.isEmpty { return Array(inside.prefix(most)) }
        return NearestName.of(name, among: all).map { [$0] } ?? []
    }

    /// The records whose id begins with these digits, each where it was made: of the stages that have it the one nearest to
    /// the sources, in the latest run.
    func records(startingWith digits: String, most: Int) throws -> [(id: RecordID, shard: ShardRow, place: ShardPlace)] {
        let terms: [[Term]] = digits.utf8.count >= Term.digits ? [[.record(Array(digits.utf8))]] : []
        let pattern = Array("\"id\":\"\(digits)".utf8)
        var found: [RecordID: (shard: ShardRow, place: ShardPlace)] = [:]
        try forEachShard(having: terms, in: RunRange(), where: { !$0.isTree }) { shard, places in
            let bytes = try store.blob(shard.digest)
            for line in JSONLines.ranges(bytes) where !ByteSearch.positions(bytes, in: line, pattern).isEmpty {
                let id = try Record(reading: bytes, in: line).id
                guard id.description.hasPrefix(digits) else { continue }
                for place in places {
                    if let known = found[id]?.place,
                        (known.depth, -known.time, known.run) <= (place.depth, -place.time, place.run)
                    {
                        continue
                    }
                    found[id] = (shard, place)
                }
            }
            return found.count < most
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value.shard, $0.value.place) }
    }
}
