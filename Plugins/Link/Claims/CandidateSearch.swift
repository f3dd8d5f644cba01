import HeadwaterModel
import HeadwaterPluginKit

/// Finds the pairs of claims that are worth comparing: those that have several things in common that few others have.
///
/// An inverted index over pairs of terms, on disk. A key that many claims have brings each only together with the ones next to
/// it by id, so that the work grows with the number of claims and never with the square of a story's size. Claims of the same
/// words count as one. Memory holds a few numbers of each claim.
struct CandidateSearch {
    /// A claim by the order in which claims were added.
    typealias Number = Int

    private var ids: [UInt64] = []
    private var texts: [UInt64] = []
    private var documents: [Int32] = []
    private var index = SpoolSorter()

    /// So many claims under one key are compared each with each; in a larger set each with so many behind it.
    private static let (most, next) = (16, 6)
    /// A key that so few claims have says as much as two others.
    private static let few = 8

    /// - Parameter document: its number in the corpus; claims of one document are not compared.
    mutating func add(_ claim: ClaimSketch, document: Int) throws {
        guard ids.count < Int(Int32.max), document < Int(Int32.max) else { throw StageError("more than \(Int32.max) claims") }
        let number = UInt32(ids.count)
        ids.append(claim.id.leadingWord)
        texts.append(claim.textHash)
        documents.append(Int32(document))
        // Big-endian, so that the order of the bytes is that of the numbers: keys, and under a key claims by their ids.
        var key = [UInt8](repeating: 0, count: 12)
        Self.store(claim.id.leadingWord, in: &key, at: 4)
        for value in claim.keys {
            for (offset, shift) in [24, 16, 8, 0].enumerated() { key[offset] = UInt8(truncatingIfNeeded: value >> UInt32(shift)) }
            try key.withUnsafeBytes { try index.append($0) { Self.append(number, to: &$0) } }
        }
    }

    /// What was found, by the numbers of claims.
    struct Found {
        /// In the order of the claims' ids, the smaller first; each once.
        var pairs: [(a: Number, b: Number)] = []
        /// For a claim that others repeat word for word: these, by id, and how many there are in all.
        var repeated: [Number: (some: [Number], count: Int)] = [:]
    }

    /// More repetitions of one claim are counted, but not listed.
    static let mostRepetitions = 32

    consuming func found() throws -> Found {
        var found = Found()
        let delegates = self.delegates(&found)
        let (ids, documents) = (ids, documents)
        var pairs = SpoolSorter()
        var run: [Number] = []
        var key: [UInt8] = []
        func finish() throws {
            defer { run.removeAll(keepingCapacity: true) }
            guard run.count > 1 else { return }
            let weight: UInt8 = run.count <= Self.few ? 2 : 1
            for (position, a) in run.enumerated() {
                let end = run.count <= Self.most ? run.count : min(run.count, position + 1 + Self.next)
                for b in run[(position + 1)..<end] where documents[a] != documents[b] {
                    var pair: [UInt8] = [UInt8](repeating: 0, count: 16)
                    Self.store(ids[a], in: &pair, at: 0)
                    Self.store(ids[b], in: &pair, at: 8)
                    try pair.withUnsafeBytes {
                        try pairs.append($0) {
                            $0.append(weight)
                            Self.append(UInt32(a), to: &$0)
                            Self.append(UInt32(b), to: &$0)
                        }
                    }
                }
            }
        }
        try index.sorted().forEach { element in
            if !element.key.prefix(4).elementsEqual(key) {
                try finish()
                key = Array(element.key.prefix(4))
            }
            let number = Int(Self.number(element.value, at: 0))
            if delegates[number] == Int32(number) { run.append(number) }
        }
        try finish()
        found.pairs = try Self.weighed(pairs)
        let wanted = Set(found.pairs.flatMap { [$0.a, $0.b] })
        found.repeated = found.repeated.filter { wanted.contains($0.key) }
        return found
    }

    /// For each claim the one of the smallest id that has the same words.
    private func delegates(_ found: inout Found) -> [Int32] {
        var out = ids.indices.map { Int32($0) }
        var order = out
        order.sort { a, b in
            let (a, b) = (Int(a), Int(b))
            return (texts[a], ids[a], a) < (texts[b], ids[b], b)
        }
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, texts[Int(order[end])] == texts[Int(order[start])] {
                out[Int(order[end])] = order[start]
                end += 1
            }
            if end - start > 1 {
                let first = Int(order[start])
                let others = order[(start + 1)..<end].lazy.map { Int($0) }.filter { documents[$0] != documents[first] }
                found.repeated[first] = (Array(others.prefix(Self.mostRepetitions)), end - start - 1)
            }
            start = end
        }
        return out
    }

    /// The pairs that enough keys bring together.
    private static func weighed(_ pairs: consuming SpoolSorter) throws -> [(a: Number, b: Number)] {
        var out: [(a: Number, b: Number)] = []
        var key: [UInt8] = []
        var (weight, pair) = (0, (a: 0, b: 0))
        try pairs.sorted().forEach { element in
            if !element.key.elementsEqual(key) {
                if weight > 1 { out.append(pair) }
                (key, weight) = (Array(element.key), 0)
                pair = (Int(number(element.value, at: 1)), Int(number(element.value, at: 5)))
            }
            weight += Int(element.value[0])
        }
        if weight > 1 { out.append(pair) }
        return out
    }

    // MARK: Bytes

    private static func store(_ value: UInt64, in bytes: inout [UInt8], at offset: Int) {
        for index in 0..<8 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * index)) }
    }

    private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
