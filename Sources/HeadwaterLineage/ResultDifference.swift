public import HeadwaterModel
public import HeadwaterStore

/// Where two results of one task first differ: what shows which plugin does not give the same bytes twice, and on what.
public struct ResultDifference: Hashable, Sendable, CustomStringConvertible {
    /// What differs: `records`, `drops`, `notes`, `bytes` of a sketch or verdict, `slice`, `groups`, or `shape`.
    public var part: String
    /// Which record, line, slice or group, from 1; nil where there is only one thing.
    public var number: Int?
    /// Which records stand there, where records differ.
    public var records: [RecordID] = []
    /// The first byte that differs, counted from the start of that record's line or blob; nil where one of both ends
    /// before.
    public var byte: Int?
    /// Some bytes around it on both sides, as text.
    public var excerpts: [String] = []

    public var description: String {
        var text = "they differ in \(part)"
        if let number { text += " \(number)" }
        if !records.isEmpty { text += " (record \(Set(records).sorted().map(\.short).joined(separator: " and ")))" }
        if let byte { text += ", from byte \(byte) on" }
        if excerpts.count == 2 { text += ": \"\(excerpts[0])\" and \"\(excerpts[1])\"" }
        return text
    }

    public var json: JSON {
        var members: [String: JSON] = ["part": .string(part), "excerpts": .array(excerpts.map { .string($0) })]
        if let number { members["number"] = .integer(number) }
        if let byte { members["byte"] = .integer(byte) }
        if !records.isEmpty { members["records"] = .array(records.map { .string($0.description) }) }
        return .object(members)
    }
}

extension ResultDifference {
    /// Compares two stored task results; nil if they are equal.
    ///
    /// - Parameter other: where `b` is, if that is another store.
    /// - Throws: what keeps either of them from being read.
    public init?(between a: Digest, and b: Digest, in store: Store, and other: Store? = nil) throws {
        if a == b { return nil }
        let stores = [store, other ?? store]
        func result(_ digest: Digest, _ side: Int) throws -> TaskResult { try TaskResult(reading: try stores[side].blob(digest)) }
        func bytes(_ digest: Digest?, _ side: Int) throws -> [UInt8] { try digest.map { try stores[side].blob($0) } ?? [] }
        switch (try result(a, 0), try result(b, 1)) {
        case (.shard(let x), .shard(let y)):
            let parts = [
                ("records", x.digest, y.digest), ("drops", x.dropsDigest, y.dropsDigest), ("notes", x.notesDigest, y.notesDigest),
            ]
            for (part, p, q) in parts as [(String, Digest?, Digest?)] where p != q {
                self.init(part, lines: try bytes(p, 0), try bytes(q, 1))
                return
            }
            self.init(part: "shape")
        case (.tree(let x), .tree(let y)):
            let index = ResultDifference.firstDifference(x.entries, y.entries)
            let (p, q) = (x.entries.dropFirst(index).first, y.entries.dropFirst(index).first)
            if let p, let q, p.path == q.path, case .file(let f) = p.kind, case .file(let g) = q.kind, f.digest != g.digest {
                self.init("file \(p.path)", number: nil, try bytes(f.digest, 0), try bytes(g.digest, 1))
            } else {
                self.init("entry", number: index + 1, Array((p?.path ?? "").utf8), Array((q?.path ?? "").utf8))
            }
        case (.blob(let x), .blob(let y)): self.init("bytes", number: nil, try bytes(x, 0), try bytes(y, 1))
        case (.slices(let x), .slices(let y)):
            let index = ResultDifference.firstDifference(x, y)
            self.init("slice", number: index + 1, try bytes(x.dropFirst(index).first, 0), try bytes(y.dropFirst(index).first, 1))
        case (.groups(let x, let carryX), .groups(let y, let carryY)):
            if x == y {
                self.init("carry", number: nil, try bytes(carryX, 0), try bytes(carryY, 1))
            } else {
                let index = ResultDifference.firstDifference(x, y)
                func text(_ groups: [GroupReference]) -> [UInt8] { groups.dropFirst(index).first?.json.canonical ?? [] }
                self.init("group", number: index + 1, text(x), text(y))
            }
        default: self.init(part: "shape")
        }
    }

    private init(_ part: String, lines a: [UInt8], _ b: [UInt8]) {
        let (x, y) = (JSONLines.ranges(a), JSONLines.ranges(b))
        let index =
            zip(x, y).enumerated().first { !a[$0.element.0].elementsEqual(b[$0.element.1]) }?.offset ?? min(x.count, y.count)
        let lines = [(a, x), (b, y)].map { bytes, ranges in ranges.dropFirst(index).first.map { Array(bytes[$0]) } ?? [] }
        self.init(part == "records" ? "record" : String(part.dropLast()), number: index + 1, lines[0], lines[1])
        if part == "records" {
            records = lines.compactMap { line in (try? JSON(parsing: line))?["id"]?.string.flatMap { RecordID($0) } }
        }
    }

    init(_ part: String, number: Int?, _ a: [UInt8], _ b: [UInt8]) {
        let byte = ResultDifference.firstDifference(a, b)
        self.init(part: part, number: number)
        self.byte = byte < min(a.count, b.count) ? byte : nil
        excerpts = [a, b].map { ResultDifference.excerpt($0, at: byte) }
    }

    private static func firstDifference<Element: Equatable>(_ a: [Element], _ b: [Element]) -> Int {
        zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(a.count, b.count)
    }

    private static let excerptBefore = 20
    private static let excerptAfter = 40

    /// Printable whatever the bytes are.
    private static func excerpt(_ bytes: [UInt8], at offset: Int) -> String {
        let range = max(0, offset - excerptBefore)..<min(bytes.count, offset + excerptAfter)
        guard range.lowerBound < range.upperBound else { return "nothing" }
        return bytes[range].map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : "\\x\(Hex.encode([$0]))" }.joined()
    }
}
