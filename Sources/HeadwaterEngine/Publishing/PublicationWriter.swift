import HeadwaterModel
import HeadwaterStore

/// Takes what a format writes, keeps which byte of it is which byte of which record, and puts both into the store part by
/// part, so that neither has to fit into memory.
struct PublicationWriter: ~Copyable {
    private let store: Store
    private var map: PublishedMap
    private var bytes: [UInt8] = []
    private var part = PublishedPart()
    private var firstRecord = 0
    private var fileStart: Int?
    private var whole = DigestHasher()

    /// A part ends with a shard of records once it has so many bytes: where shards end is decided by their content, so that
    /// a change leaves most parts as they were.
    private static let smallestPart = 256 << 10
    /// A part ends with a record once it has so many bytes.
    private static let largestPart = 1 << 20

    init(store: Store, artifact: Digest, stage: String) {
        self.store = store
        map = PublishedMap(artifact: artifact, stage: stage)
    }

    /// Text that the format itself writes.
    mutating func write(_ text: String) { write(Array(text.utf8)[...], record: nil, offset: 0) }

    /// Bytes that the format itself writes.
    mutating func write(_ bytes: ArraySlice<UInt8>) { write(bytes, record: nil, offset: 0) }

    /// A part of a record's text.
    mutating func write(_ record: Record, number: Int, _ range: Range<Int>) {
        write(record.text[range], record: number, offset: range.lowerBound)
    }

    private mutating func write(_ text: ArraySlice<UInt8>, record: Int?, offset: Int) {
        guard !text.isEmpty else { return }
        if part.runs.last?.record == nil, record == nil, !part.runs.isEmpty {
            part.runs[part.runs.count - 1].length += text.count
        } else {
            part.runs.append(.init(length: text.count, record: record.map { $0 - firstRecord }, offset: offset))
        }
        bytes.append(contentsOf: text)
    }

    /// - Parameter number: of the record that comes next.
    mutating func endRecord(next number: Int) throws { try endPart(of: PublicationWriter.largestPart, next: number) }

    /// - Parameter number: of the record that comes next.
    mutating func endShard(next number: Int) throws { try endPart(of: PublicationWriter.smallestPart, next: number) }

    /// Begins a file of a folder.
    mutating func beginFile() { fileStart = bytes.count }

    /// Ends the file that was begun, under this path.
    mutating func endFile(_ path: String) {
        guard let start = fileStart else { return }
        part.files.append(.init(path: path, length: bytes.count - start, digest: Digest(of: bytes[start...])))
        fileStart = nil
    }

    private mutating func endPart(of size: Int, next number: Int) throws {
        guard bytes.count >= size || part.files.count >= PublicationWriter.mostFiles else { return }
        try endPart()
        firstRecord = number
    }

    /// Files of a part, since small ones need more room in the map than in the bytes.
    private static let mostFiles = 4096

    private mutating func endPart() throws {
        whole.update(bytes)
        map.parts.append(
            .init(
                length: bytes.count, firstRecord: firstRecord, bytes: try store.put(bytes),
                map: try store.put(part.json.canonical)))
        (bytes, part) = ([], PublishedPart())
    }

    /// Puts the rest and the map into the store.
    /// - Returns: the digests of what was written and of its map; of a folder that of its map is both.
    consuming func finish(isFolder: Bool) throws -> (file: Digest, map: Digest) {
        if isFolder {
            if !part.files.isEmpty { try endPart() }
            let digest = try store.put(map.json.canonical)
            return (digest, digest)
        }
        if map.parts.isEmpty {
            map.runs = part.runs
            return (try store.put(bytes), try store.put(map.json.canonical))
        }
        if !bytes.isEmpty { try endPart() }
        let digest = try store.put(map.json.canonical)
        return (whole.finish(), digest)
    }
}
