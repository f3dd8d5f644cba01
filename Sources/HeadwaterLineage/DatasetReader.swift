public import HeadwaterModel
public import HeadwaterStore

/// Reads datasets and their records out of the store.
public struct DatasetReader: Sendable {
    public let store: Store

    public init(store: Store) { self.store = store }

    public func dataset(_ artifact: Digest) throws -> Dataset {
        try Dataset(json: JSON(parsing: try store.blob(artifact)))
    }

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
        var first = 0
        for (index, shard) in dataset.shards.enumerated() {
            if number < first + shard.recordCount {
                let records = try records(of: shard.digest)
                let offset = number - first
                return records.indices.contains(offset) ? (records[offset], index) : nil
            }
            first += shard.recordCount
        }
        return nil
    }

    /// The records whose id starts with these hex digits, with their numbers and shards. Only lines that name the id
    /// are read as records.
    public func records(startingWith prefix: String, of dataset: Dataset, preferring shard: Int? = nil) throws -> [FoundRecord] {
        let pattern = Array("\"id\":\"\(prefix)".utf8)
        func search(_ index: Int, _ first: Int) throws -> [FoundRecord] {
            let bytes = try store.blob(dataset.shards[index].digest)
            return try JSONLines.ranges(bytes).enumerated().compactMap { offset, line in
                guard ByteSearch.contains(bytes, in: line, pattern) else { return nil }
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

/// Finds bytes in bytes.
enum ByteSearch {
    static func contains(_ bytes: [UInt8], in range: Range<Int>, _ pattern: [UInt8]) -> Bool {
        guard let first = pattern.first, range.count >= pattern.count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            var index = range.lowerBound
            let last = range.upperBound - pattern.count
            while index <= last {
                if bytes[index] == first {
                    var offset = 1
                    while offset < pattern.count, bytes[index + offset] == pattern[offset] { offset += 1 }
                    if offset == pattern.count { return true }
                }
                index += 1
            }
            return false
        }
    }
}
