import HeadwaterPluginKit

/// The marks of all documents, and how common each is: a mark that many different documents have is boilerplate, such as a
/// site's legal notice, unless most of what a document says is as common.
///
/// Marks are looked at in parts by their values, as many as fit, so that memory holds one byte of each and the part at hand.
struct CorpusMarks {
    /// The number of documents.
    let count: Int
    /// Where the marks of each document begin among all.
    private let starts: [UInt32]
    /// By block of marks, the document that its first is in, so that the document of a mark is found at a glance.
    private let blocks: [Int32]
    /// By mark: how many families have it, as a class.
    private var classes: [UInt8]
    /// By document: marks of a higher class are boilerplate in it.
    private var ownClasses: [UInt8] = []
    private let forEach: ((Int, ArraySlice<UInt8>) throws -> Void) throws -> Void
    /// All marks by value, where all fit.
    private var sorted: [UInt64] = []

    /// The most families that share what is no boilerplate, then those that share what is more and more common. The first was
    /// found on planted duplicates, where 6 to 8 do equally well (see the README); the others are steps of four.
    private static let bounds = [8, 32, 128]
    /// A document whose rarest eighth of marks is common says what many say: a syndicated story within what different sites
    /// put around it.
    private static let rarestPart = 8
    private static let blockSize = 32

    /// - Parameter forEach: calls with each document's index and the bytes of its marks.
    init(count: Int, forEach: @escaping ((Int, ArraySlice<UInt8>) throws -> Void) throws -> Void) throws {
        self.count = count
        self.forEach = forEach
        var starts = [UInt32](repeating: 0, count: count + 1)
        var total = 0
        try forEach { document, marks in
            starts[document + 1] = UInt32(clamping: marks.count / 4)
            total += marks.count / 4
        }
        guard total <= Int(UInt32.max) else { throw StageError("more than \(UInt32.max) marks; dedupe the corpus in parts") }
        for index in 0..<count { starts[index + 1] += starts[index] }
        self.starts = starts
        var document: Int32 = 0
        blocks = stride(from: 0, to: total, by: CorpusMarks.blockSize).map { mark in
            while Int(starts[Int(document) + 1]) <= mark { document += 1 }
            return document
        }
        classes = [UInt8](repeating: 0, count: total)
    }

    /// The marks of one document among all.
    private func marks(of document: Int) -> Range<Int> { Int(starts[document])..<Int(starts[document + 1]) }

    /// A document that has a mark.
    struct Holder {
        var document: Int32
        /// Whether the mark is none of the document's boilerplate.
        var isOwn: Bool
    }

    /// Finds out how common each mark is.
    ///
    /// - Parameters:
    ///   - family: by document.
    ///   - most: marks that are held at once.
    mutating func count(families family: [Int32], most: Int) throws {
        var found = classes
        classes = []
        if found.count <= most {
            var all: [UInt64] = []
            try forEachPart(of: found.count, most: most) { all = $0 }
            sorted = all
        }
        try forEachRun(of: found.count, most: most) { run, documents in
            var seen: [Int32] = []
            for document in documents where seen.count <= CorpusMarks.bounds[2] {
                let family = family[Int(document)]
                if !seen.contains(family) { seen.append(family) }
            }
            let number = CorpusMarks.bounds.firstIndex { seen.count <= $0 } ?? CorpusMarks.bounds.count
            if number == 0 { return }
            for mark in run { found[Int(UInt32(truncatingIfNeeded: mark))] = UInt8(number) }
        }
        let ownClasses = (0..<count).map { document in
            let marks = marks(of: document)
            var left = (marks.count + CorpusMarks.rarestPart - 1) / CorpusMarks.rarestPart
            for number in 0..<CorpusMarks.bounds.count {
                left -= marks.count { found[$0] == number }
                if left <= 0 { return UInt8(number) }
            }
            return UInt8(CorpusMarks.bounds.count)
        }
        (classes, self.ownClasses) = (found, ownClasses)
    }

    /// How many marks of a document are none of its boilerplate.
    func ownCount(of document: Int) -> Int { marks(of: document).count { classes[$0] <= ownClasses[document] } }

    /// Which marks of a document are its boilerplate, in text order.
    func boilerplate(of document: Int) -> [Bool] { marks(of: document).map { classes[$0] > ownClasses[document] } }

    /// Calls with those that have a mark, for each mark that more than one has, in the order of the documents.
    func forEachShared(most: Int, _ body: ([Holder]) -> Void) throws {
        try forEachRun(of: classes.count, most: most) { run, documents in
            var holders: [Holder] = []
            for (mark, document) in zip(run, documents) {
                let isOwn = classes[Int(UInt32(truncatingIfNeeded: mark))] <= ownClasses[Int(document)]
                if holders.last?.document == document {
                    holders[holders.count - 1].isOwn = holders[holders.count - 1].isOwn || isOwn
                } else {
                    holders.append(Holder(document: document, isOwn: isOwn))
                }
            }
            if holders.count > 1 { body(holders) }
        }
    }

    /// Calls with the marks that have one value, where there is more than one, and the documents they are in. Of a mark, the
    /// lower half is its place among all.
    private func forEachRun(of total: Int, most: Int, _ body: (ArraySlice<UInt64>, [Int32]) -> Void) throws {
        func runs(_ held: [UInt64]) {
            var start = 0
            while start < held.count {
                var end = start + 1
                while end < held.count && held[start] >> 32 == held[end] >> 32 { end += 1 }
                if end - start > 1 {
                    let run = held[start..<end]
                    body(run, run.map { document(of: UInt32(truncatingIfNeeded: $0)) })
                }
                start = end
            }
        }
        if sorted.isEmpty { try forEachPart(of: total, most: most, runs) } else { runs(sorted) }
    }

    /// Calls with the marks of one range of values after another, in order.
    private func forEachPart(of total: Int, most: Int, _ body: ([UInt64]) -> Void) throws {
        let parts = max(1, (total + most - 1) / max(1, most))
        let width = (Int(UInt32.max) + parts) / parts
        var held: [UInt64] = []
        held.reserveCapacity(min(total, total / parts + total / parts / 8 + 1024))
        for part in 0..<parts {
            held.removeAll(keepingCapacity: true)
            let values = part * width..<(part + 1) * width
            try forEach { document, marks in
                let first = UInt64(starts[document])
                guard marks.count / 4 == self.marks(of: document).count else {
                    throw StageError("the sketches are others than when they were read first")
                }
                marks.withUnsafeBytes { bytes in
                    for index in 0..<bytes.count / 4 {
                        let value = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
                        if values.contains(Int(value)) { held.append(UInt64(value) << 32 | (first + UInt64(index))) }
                    }
                }
            }
            RadixSort.sort(&held)
            body(held)
        }
    }

    /// The document that a mark is in.
    private func document(of mark: UInt32) -> Int32 {
        var document = Int(blocks[Int(mark) / CorpusMarks.blockSize])
        while starts[document + 1] <= mark { document += 1 }
        return Int32(document)
    }
}
