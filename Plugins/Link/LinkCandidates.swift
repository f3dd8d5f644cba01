import HeadwaterModel
import HeadwaterPluginKit

/// The claims that may have to do with each other, with their documents, and what was decided about names: what `combine` hands
/// on to `decide`.
struct LinkCandidates {
    struct Document {
        var origin: DocumentOrigin
        /// Hashes of the names it is most about.
        var topics: [UInt64]
    }

    struct Claim {
        var id: RecordID
        var partition: Int
        /// Its document's index.
        var document: Int
        /// How many claims repeat it word for word; of the first of them by id it makes pairs.
        var repetitions = 0
    }

    var documents: [Document] = []
    /// By id.
    var claims: [Claim] = []
    /// By index, the smaller first; in order.
    var pairs: [(a: Int, b: Int)] = []
    /// One for each partition.
    var names: [NameDecision]

    /// Groups of which all claims are compared hold no more of them than this.
    private static let largestGroup = 32

    init(_ sketches: Sketches) throws {
        names = Array(repeating: NameDecision(), count: sketches.count)
        var (merging, search) = (NameMerging(), CandidateSearch())
        try Self.forEachDocument(sketches) { sketch, partition, number, document in
            try merging.add(sketch, partition: partition, number: number)
            for claim in sketch.claims { try search.add(claim, document: document) }
        }
        var decisions = names
        try merging.forEachEntity { NameDecision.add($0, to: &decisions) }
        names = decisions
        try take(search.found(), from: sketches)
    }

    /// Takes up what was found, with what the sketches tell of these claims and their documents.
    private mutating func take(_ found: CandidateSearch.Found, from sketches: Sketches) throws {
        var wanted = Set(found.pairs.flatMap { [$0.a, $0.b] })
        for repeated in found.repeated.values { wanted.formUnion(repeated.some) }
        var known: [(number: Int, claim: Claim)] = []
        var number = 0
        try Self.forEachDocument(sketches) { sketch, partition, _, _ in
            var isKnown = false
            for claim in sketch.claims {
                defer { number += 1 }
                guard wanted.contains(number) else { continue }
                if !isKnown { documents.append(Document(origin: sketch.origin, topics: sketch.topics)) }
                isKnown = true
                known.append((number, Claim(id: claim.id, partition: partition, document: documents.count - 1)))
            }
        }
        known.sort { ($0.claim.id, $0.number) < ($1.claim.id, $1.number) }
        let indices = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1.number, $0) })
        claims = known.map(\.claim)
        var all = found.pairs
        for (number, repeated) in found.repeated {
            guard let index = indices[number] else { continue }
            claims[index].repetitions = repeated.count
            all += repeated.some.map { (number, $0) }
        }
        pairs = all.compactMap { pair in
            guard let a = indices[pair.a], let b = indices[pair.b], a != b else { return nil }
            return (min(a, b), max(a, b))
        }.sorted { $0 < $1 }
    }

    /// Calls with each document's sketch, its partition, its number there, and its number in the corpus.
    private static func forEachDocument(
        _ sketches: Sketches, _ body: (DocumentSketch, Int, Int, Int) throws -> Void
    ) throws {
        var document = 0
        for partition in 0..<sketches.count {
            var number = 0
            try DocumentSketch.forEach(try sketches[partition]) { sketch in
                try body(sketch, partition, number, document)
                number += 1
                document += 1
            }
        }
    }

    /// The pairs packed into groups: connected ones together, until a group is full. Each pair is in one group.
    var groups: [Group] {
        var connected = DisjointSets(claims.count)
        for pair in pairs { connected.join(pair.a, pair.b) }
        let order = pairs.map { (component: connected.root($0.a), pair: $0) }.sorted {
            ($0.component, $0.pair.a, $0.pair.b) < ($1.component, $1.pair.a, $1.pair.b)
        }
        var out: [Group] = []
        var members: Set<Int> = []
        var first: (component: Int, pair: (a: Int, b: Int))?
        func finish() {
            guard let first else { return }
            let key = Digest(of: claims[first.pair.a].id.bytes + claims[first.pair.b].id.bytes).hex.prefix(32)
            out.append(
                Group(
                    key: String(key),
                    members: members.sorted().map {
                        Group.Member(role: "annotations", partition: claims[$0].partition, record: claims[$0].id)
                    }))
        }
        for next in order {
            let added = [next.pair.a, next.pair.b].count { !members.contains($0) }
            if first?.component != next.component || members.count + added > Self.largestGroup {
                finish()
                (first, members) = (next, [])
            }
            members.formUnion([next.pair.a, next.pair.b])
        }
        finish()
        return out
    }
}

// MARK: As bytes

extension LinkCandidates {
    private static let format: StaticString = "link.candidates"

    var bytes: [UInt8] {
        var writer = PackedWriter(format: Self.format, version: 1)
        for decision in names { decision.write(to: &writer) }
        writer.count(documents.count)
        for document in documents {
            document.origin.write(to: &writer)
            writer.count(document.topics.count)
            for topic in document.topics { writer.unsigned(topic) }
        }
        writer.count(claims.count)
        for claim in claims {
            writer.id(claim.id)
            for number in [claim.partition, claim.document, claim.repetitions] { writer.count(number) }
        }
        writer.count(pairs.count)
        for pair in pairs {
            writer.count(pair.a)
            writer.count(pair.b)
        }
        return writer.bytes
    }

    /// - Throws: `StageError` for bytes that are damaged or name a claim, document or partition that is not there.
    init(_ bytes: [UInt8], partitionCount: Int) throws {
        var reader = try PackedReader(bytes, format: Self.format, version: 1)
        names = []
        for _ in 0..<partitionCount { names.append(try NameDecision(from: &reader)) }
        for _ in 0..<(try reader.elements(ofAtLeast: 7)) {
            let origin = try DocumentOrigin(from: &reader)
            documents.append(
                Document(origin: origin, topics: try (0..<reader.elements(ofAtLeast: 1)).map { _ in try reader.unsigned() }))
        }
        func damage(_ what: String) -> StageError { StageError("link.candidates bytes are damaged: \(what)") }
        let count = try reader.elements(ofAtLeast: RecordID.byteCount)
        for _ in 0..<count {
            var claim = Claim(id: try reader.id(), partition: try reader.count(), document: try reader.count())
            claim.repetitions = try reader.count()
            guard claim.partition < partitionCount, claim.document < documents.count else {
                throw damage("claim \(claim.id.short) points outside")
            }
            claims.append(claim)
        }
        for _ in 0..<(try reader.elements(ofAtLeast: 2)) {
            let (a, b) = (try reader.count(), try reader.count())
            guard a < b, b < count else { throw damage("no pair \(a), \(b)") }
            pairs.append((a, b))
        }
        try reader.end()
    }
}
