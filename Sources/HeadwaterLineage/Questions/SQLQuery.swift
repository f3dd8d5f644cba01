import HeadwaterModel
import HeadwaterStore

/// A question in SQL, on the views of the index.
public struct SQLQuery {
    /// What stands in one place of the answer.
    public enum Value: Hashable, Sendable {
        case null
        case integer(Int)
        case real(Double)
        case text(String)
        case bytes([UInt8])
    }

    public let columns: [String]
    private let statement: Database.Statement

    /// - Throws: `ReferenceError` where the text is no single statement that only reads.
    public init(_ text: String, index: LineageIndex) throws {
        let store = index.store
        try index.database.define("stored_lines") { try SQLQuery.lines(of: SQLQuery.digest($0), in: store) }
        try index.database.define("stored_derivations") { try SQLQuery.derivations(in: SQLQuery.digest($0), in: store) }
        index.database.allowOnlyReading()
        do {
            statement = try index.database.prepare(text)
        } catch {
            let why = error.code == 23 ? "only SELECT is allowed here" : error.message
            throw ReferenceError(
                "the query cannot be answered: \(why); the views are runs, stages, tasks, artifacts, shards, sources, records, "
                    + "derivations and publications")
        }
        columns = statement.columns
        guard !columns.isEmpty else { throw ReferenceError("the query gives no columns; expected a SELECT") }
    }

    /// Calls `body` with each row until it returns false.
    public func forEachRow(_ body: ([Value]) throws -> Bool) throws {
        do {
            while try statement.step() {
                let row = statement.row.map { value -> Value in
                    switch value {
                    case .null: .null
                    case .integer(let number): .integer(number)
                    case .real(let number): .real(number)
                    case .text(let text): .text(text)
                    case .blob(let bytes): .bytes(bytes)
                    }
                }
                guard try body(row) else { return }
            }
        } catch let error as DatabaseError where !error.isDamage {
            throw ReferenceError("the query cannot be answered: \(error.message)")
        }
    }

    // MARK: What the views read from the packs

    private static func digest(_ value: Database.Value) -> Digest? { value.digest ?? value.text.flatMap { Digest($0) } }

    /// The lines of a stored blob as one JSON list.
    private static func lines(of digest: Digest?, in store: Store) throws -> [UInt8]? {
        guard let digest else { return nil }
        let bytes = try store.blob(digest)
        // A tree is no list of records.
        if (try? FileTree(json: JSON(parsing: bytes))) != nil { return Array("[]".utf8) }
        var out = [UInt8(ascii: "[")]
        out.reserveCapacity(bytes.count + 2)
        for (number, line) in JSONLines.ranges(bytes).enumerated() {
            if number > 0 { out.append(UInt8(ascii: ",")) }
            out += bytes[line]
        }
        return out + [UInt8(ascii: "]")]
    }

    /// `[record, kind, start, length, source, offset, source length, mode]` for each segment of a shard.
    private static func derivations(in digest: Digest?, in store: Store) throws -> [UInt8]? {
        guard let digest else { return nil }
        let bytes = try store.blob(digest)
        if (try? FileTree(json: JSON(parsing: bytes))) != nil { return Array("[]".utf8) }
        var out: [JSON] = []
        for line in JSONLines.ranges(bytes) {
            let record = try Record(reading: bytes, in: line)
            var start = 0
            for segment in record.segments {
                let source = record.sources.indices.contains(segment.source) ? record.sources[segment.source] : nil
                out.append([
                    .string(record.id.description), .string(record.kind), .integer(start), .integer(segment.length),
                    source.map { .string($0.description) } ?? .null, .integer(segment.offset), .integer(segment.sourceLength),
                    .string(segment.mode.description),
                ])
                start += segment.length
            }
        }
        return JSON.array(out).canonical
    }
}
