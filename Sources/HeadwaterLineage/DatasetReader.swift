public import HeadwaterModel
public import HeadwaterStore

/// Reads datasets and their records out of the store.
public struct DatasetReader: Sendable {
    public let store: Store

    public init(store: Store) { self.store = store }

    public func dataset(_ artifact: Digest) throws -> Dataset {
        guard case .dataset(let dataset) = try self.artifact(artifact) else {
            throw DocumentError("\(artifact.short) is a tree of files, and has no records")
        }
        return dataset
    }

    public func artifact(_ digest: Digest) throws -> Artifact { try Artifact(reading: store.blob(digest)) }

    /// The shards of an artifact; none if it is a tree of files.
    public func shards(of artifact: Digest) throws -> [Shard] { try self.artifact(artifact).shards }

    /// The records of a shard, in order.
    public func records(of shard: Digest) throws -> [Record] {
        let bytes = try store.blob(shard)
        return try JSONLines.ranges(bytes).map { try Record(reading: bytes, in: $0) }
    }

    /// Calls `body` with each record and its number in the dataset; one shard is in memory at a time.
    public func forEachRecord(of dataset: Dataset, _ body: (Int, Record) throws -> Void) throws {
        var number = 0
        for shard in dataset.shards {
            for record in try records(of: shard.digest) {
                try body(number, record)
                number += 1
            }
        }
    }

    /// The record with this number, from 0, and the shard it lies in; nil if there are fewer.
    public func record(_ number: Int, of dataset: Dataset) throws -> (record: Record, shard: Int)? {
        var cursor = RecordCursor(dataset, self)
        return try cursor.record(number)
    }

    /// Those of these records that a shard has. Only lines that name one of the ids are read as records.
    public func records(_ wanted: Set<RecordID>, of shard: Digest) throws -> [Record] {
        let bytes = try store.blob(shard)
        let marker = Array("\"id\":\"".utf8)
        let digits = 2 * RecordID.byteCount
        return try JSONLines.ranges(bytes).compactMap { line in
            // A field may be named `id` too.
            let names = ByteSearch.positions(bytes, in: line, marker).contains { position in
                let start = position + marker.count
                guard line.upperBound - start >= digits else { return false }
                return RecordID(bytes: Hex.decode(bytes[start..<start + digits]) ?? []).map(wanted.contains) ?? false
            }
            guard names else { return nil }
            let record = try Record(reading: bytes, in: line)
            return wanted.contains(record.id) ? record : nil
        }
    }

    /// The records whose id starts with these hex digits, with their numbers and shards. Only lines that name the id
    /// are read as records.
    public func records(startingWith prefix: String, of dataset: Dataset, preferring shard: Int? = nil) throws -> [FoundRecord] {
        let pattern = Array("\"id\":\"\(prefix)".utf8)
        func search(_ index: Int, _ first: Int) throws -> [FoundRecord] {
            let bytes = try store.blob(dataset.shards[index].digest)
            return try JSONLines.ranges(bytes).enumerated().compactMap { offset, line in
                guard !ByteSearch.positions(bytes, in: line, pattern).isEmpty else { return nil }
                let record = try Record(reading: bytes, in: line)
                guard record.id.description.hasPrefix(prefix) else { return nil }
                return FoundRecord(record: record, number: first + offset, shard: index)
            }
        }
        var firsts: [Int] = []
        var count = 0
        for shard in dataset.shards {
            firsts.append(count)
            count += shard.recordCount
        }
        // A record-wise stage keeps its records where their parents lie, so that one shard is nearly always enough.
        if let shard, dataset.shards.indices.contains(shard) {
            let found = try search(shard, firsts[shard])
            if !found.isEmpty { return found }
        }
        return try dataset.shards.indices.flatMap { try search($0, firsts[$0]) }
    }

    /// A record and where it lies.
    public struct FoundRecord: Sendable {
        public var record: Record
        /// Number in the dataset, from 0.
        public var number: Int
        /// Index of its shard.
        public var shard: Int
    }

    /// The lines of the side blobs of a shard: what was left out of it, and what was noted.
    public func side(_ digest: Digest?) throws -> [JSON] {
        guard let digest else { return [] }
        return try JSONLines.decode(try store.blob(digest))
    }
}

/// Reads records by number, keeping the bytes of the shard that was read last: numbers asked for in rising order read each
/// shard once, and only the records asked for are parsed.
public struct RecordCursor {
    private let reader: DatasetReader
    private let dataset: Dataset
    /// The number of each shard's first record, and of the record behind the last.
    private let firsts: [Int]
    private var held: (shard: Int, bytes: [UInt8], lines: [Range<Int>])?

    public init(_ dataset: Dataset, _ reader: DatasetReader) {
        self.reader = reader
        self.dataset = dataset
        firsts = dataset.shards.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.recordCount) }
    }

    /// The record with this number, from 0, and the shard it lies in; nil if there are fewer.
    public mutating func record(_ number: Int) throws -> (record: Record, shard: Int)? {
        guard number >= 0, number < firsts[firsts.count - 1] else { return nil }
        var (low, high) = (0, dataset.shards.count)
        while low + 1 < high {
            let middle = (low + high) / 2
            if firsts[middle] <= number { low = middle } else { high = middle }
        }
        // Of shards without records none is chosen: the last that begins at the number has it.
        let shard = dataset.shards[low]
        if held?.shard != low {
            let bytes = try reader.store.blob(shard.digest)
            held = (low, bytes, JSONLines.ranges(bytes))
        }
        guard let held, held.lines.count == shard.recordCount else {
            throw DocumentError(
                "shard \(shard.digest.short) has \(held?.lines.count ?? 0) records, its manifest says \(shard.recordCount)")
        }
        return (try Record(reading: held.bytes, in: held.lines[number - firsts[low]]), low)
    }
}

/// Finds bytes in bytes.
enum ByteSearch {
    /// Where the pattern begins, in order.
    static func positions(_ bytes: [UInt8], in range: Range<Int>, _ pattern: [UInt8]) -> [Int] {
        guard let first = pattern.first, range.count >= pattern.count else { return [] }
        return bytes.withUnsafeBufferPointer { bytes in
            var out: [Int] = []
            for index in range.lowerBound...range.upperBound - pattern.count where bytes[index] == first {
                var offset = 1
                while offset < pattern.count, bytes[index + offset] == pattern[offset] { offset += 1 }
                if offset == pattern.count { out.append(index) }
            }
            return out
        }
    }
}
