import HeadwaterModel
import HeadwaterPluginKit

/// Candidate pairs packed into groups whose members are compared all in all. Each pair is in one group, so the work grows with
/// the number of pairs; where groups end is decided by ids, so one document more changes few of them.
struct CandidateGroups {
    private(set) var groups: [Group] = []
    private let documents: [DuplicateCandidates.Document]
    private let boilerplate: [[UInt8]]

    private static let largest = 32
    /// A group of passages ends behind an id that this divides, so that one holds about so many.
    private static let passageEnds: UInt64 = 12

    /// - Parameters:
    ///   - passagePairs: those that may share passages and nothing else, the preferred one first.
    ///   - boilerplate: by document.
    init(_ candidates: DuplicateCandidates, passagePairs: [(holder: Int, other: Int)], boilerplate: [[UInt8]]) {
        documents = candidates.documents
        self.boilerplate = boilerplate
        addVersions(candidates.candidates.map(\.pair))
        addPassages(passagePairs)
    }

    /// Connected pairs together, until a group is full.
    private mutating func addVersions(_ pairs: [CandidateSearch.Pair]) {
        var connected = DisjointSets(documents.count)
        for pair in pairs { connected.join(pair.a, pair.b) }
        let order = pairs.map { (component: connected.root($0.a), pair: $0) }.sorted {
            ($0.component, $0.pair) < ($1.component, $1.pair)
        }
        var members: Set<Int> = []
        var first: (component: Int, pair: CandidateSearch.Pair)?
        for next in order {
            let added = (members.contains(next.pair.a) ? 0 : 1) + (members.contains(next.pair.b) ? 0 : 1)
            if let known = first, known.component != next.component || members.count + added > CandidateGroups.largest {
                add(members, key: [known.pair.a, known.pair.b], prefix: 0)
                (first, members) = (nil, [])
            }
            if first == nil { first = next }
            members.insert(next.pair.a)
            members.insert(next.pair.b)
        }
        if let first { add(members, key: [first.pair.a, first.pair.b], prefix: 0) }
    }

    /// Those that may share something with one document.
    private mutating func addPassages(_ pairs: [(holder: Int, other: Int)]) {
        var members: Set<Int> = []
        var first: (holder: Int, other: Int)?
        for next in pairs.sorted(by: { $0 < $1 }) {
            if let known = first, known.holder != next.holder || members.count >= CandidateGroups.largest {
                add(members, key: [known.holder, known.other], prefix: 1)
                (first, members) = (nil, [])
            }
            if first == nil { first = next }
            members.insert(next.holder)
            members.insert(next.other)
            if let known = first, documents[next.other].id.leadingWord % CandidateGroups.passageEnds == 0 {
                add(members, key: [known.holder, known.other], prefix: 1)
                (first, members) = (nil, [])
            }
        }
        if let first { add(members, key: [first.holder, first.other], prefix: 1) }
    }

    private mutating func add(_ members: Set<Int>, key: [Int], prefix: UInt8) {
        let ordered = members.sorted()
        let name = Digest(of: [prefix] + key.flatMap { documents[$0].id.bytes }).hex.prefix(32)
        groups.append(
            Group(
                key: String(name),
                members: ordered.map {
                    Group.Member(role: "documents", partition: documents[$0].partition, record: documents[$0].id)
                },
                slice: Boilerplate.encode(ordered.map { boilerplate[$0] })))
    }
}

/// Which marks of a document are boilerplate: the words between such a mark and the next are not its own.
///
/// `combine` finds that out, from all documents; the verdict on a group counts words by the same marks, and `decide` brings the
/// two together. So a verdict rests on its texts alone.
struct Boilerplate: Equatable {
    /// A bit for each mark in text order, the lowest first; empty where none is set.
    let bytes: [UInt8]

    init(_ marks: [Bool]) {
        guard marks.contains(true) else {
            bytes = []
            return
        }
        var bytes = [UInt8](repeating: 0, count: (marks.count + 7) / 8)
        for (index, isSet) in marks.enumerated() where isSet { bytes[index / 8] |= 1 << UInt8(index % 8) }
        self.bytes = bytes
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    subscript(mark: Int) -> Bool { mark / 8 < bytes.count && bytes[mark / 8] >> UInt8(mark % 8) & 1 == 1 }

    private static let format: StaticString = "dedupe.boilerplate"
    private static let version: UInt8 = 1

    /// For the members of a group, in order; no bytes where none has any.
    static func encode(_ members: [[UInt8]]) -> [UInt8] {
        if members.allSatisfy(\.isEmpty) { return [] }
        var writer = PackedWriter(format: format, version: version)
        for member in members {
            writer.count(member.count)
            writer.raw(member)
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8], members: Int) throws -> [Boilerplate] {
        if bytes.isEmpty { return Array(repeating: Boilerplate(bytes: []), count: members) }
        var reader = try PackedReader(bytes, format: format, version: version)
        let out = try (0..<members).map { _ in Boilerplate(bytes: Array(try reader.raw(try reader.elements(ofAtLeast: 1)))) }
        try reader.end()
        return out
    }
}
