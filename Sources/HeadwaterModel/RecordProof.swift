/// Proves a record's map: that its segments cover its text, that each verbatim byte equals its source's, that each
/// rewritten segment re-applies, and that every citation lies inside its source.
///
/// Does not know where sources are kept: the caller gives their bytes.
public struct RecordProof: Sendable {
    /// Bytes of text by how they came about: `verbatim`, a rule chain, `synthetic`, `supported`.
    public private(set) var bytesByMode: [String: Int] = [:]

    /// Where a record's map does not hold.
    public struct Fault: Error, Equatable, CustomStringConvertible {
        public var record: RecordID
        public var problem: String

        public init(record: RecordID, problem: String) {
            self.record = record
            self.problem = problem
        }

        public var description: String { "record \(record.short): \(problem)" }
    }

    public init() {}

    /// - Parameters:
    ///   - source: the bytes of a source; its errors pass through.
    ///   - isText: whether its text must be valid UTF-8.
    /// - Throws: `Fault` for the first thing that does not hold.
    public mutating func check(_ record: Record, isText: Bool = true, source: (Digest) throws -> [UInt8]) throws {
        var opened: [Int: [UInt8]] = [:]
        func bytes(of index: Int) throws -> [UInt8] {
            if let known = opened[index] { return known }
            guard record.sources.indices.contains(index) else {
                throw Fault(record: record.id, problem: "it names source \(index), but has \(record.sources.count)")
            }
            let bytes = try source(record.sources[index])
            opened[index] = bytes
            return bytes
        }
        if isText, let offset = UTF8Scan.firstMalformed(record.text) {
            throw Fault(record: record.id, problem: "its text is not valid UTF-8 at byte \(offset)")
        }
        var end = 0
        for (index, segment) in record.segments.enumerated() {
            func fault(_ problem: String) -> Fault {
                Fault(record: record.id, problem: "segment \(index) (\(segment.mode), text byte \(end)): \(problem)")
            }
            guard segment.length > 0,
                let textRange = ByteRange(start: end, length: segment.length).checked(within: record.text.count)
            else { throw fault("its \(segment.length) bytes do not fit into a text of \(record.text.count)") }
            switch segment.mode {
            case .synthetic, .supported:
                guard segment.source == Segment.noSource, segment.offset == 0, segment.sourceLength == 0 else {
                    throw fault("it has a source, but its mode has none")
                }
                if segment.mode == .supported && record.evidence.isEmpty {
                    throw fault("it is generated, but rests on no evidence")
                }
            case .verbatim, .rewritten:
                let origin = try bytes(of: segment.source)
                guard let range = ByteRange(start: segment.offset, length: segment.sourceLength).checked(within: origin.count)
                else { throw fault("its source has only \(origin.count) bytes") }
                let holds: Bool
                if case .rewritten(let rewriting) = segment.mode {
                    holds = rewriting.apply(to: Array(origin[range])).map { $0.elementsEqual(record.text[textRange]) } ?? false
                } else {
                    holds = origin[range].elementsEqual(record.text[textRange])
                }
                guard holds else { throw fault("source bytes \(range.lowerBound)..<\(range.upperBound) do not give its text") }
            }
            bytesByMode[segment.mode.description, default: 0] += segment.length
            end = textRange.upperBound
        }
        guard end == record.text.count else {
            throw Fault(record: record.id, problem: "its segments cover \(end) of \(record.text.count) bytes")
        }
        for (name, cites) in record.cites.sorted(by: { $0.key < $1.key }) + [("evidence", record.evidence)] {
            for cite in cites where try cite.range.checked(within: bytes(of: cite.source).count) == nil {
                throw Fault(record: record.id, problem: "\(name) cites bytes outside its source: \(cite.json)")
            }
        }
    }

    /// Adds up what two proofs counted.
    public mutating func add(_ other: RecordProof) {
        bytesByMode.merge(other.bytesByMode, uniquingKeysWith: +)
    }
}
