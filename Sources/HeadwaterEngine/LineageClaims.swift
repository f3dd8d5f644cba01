import HeadwaterLineage
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore

/// What a command claims of where the bytes of its outputs came from, checked claim by claim and brought down to original sources.
///
///     {"schema": "headwater.lineage/1",
///      "files": {"report.txt": {"sources": ["inputs/pages/a.html", "inputs/documents.jsonl#3"],
///                               "segments": [[12, 0, 340, 12, "verbatim"], [1, -1, 0, 0, "synthetic"]]}}}
///
/// A source is an input file, or a record of an input by its line: then offsets count in its text.
struct LineageClaims {
    static let schema = "headwater.lineage/1"

    let store: Store
    let inputs: InputFiles
    private var sourceBytes: [Digest: [UInt8]] = [:]
    private var origins: [String: Claimed] = [:]

    /// What a segment points into.
    private enum Claimed {
        /// Bytes that are the end of the way up.
        case source(Digest)
        /// Bytes that have segments themselves.
        case traced(Record)
    }

    init(store: Store, inputs: InputFiles) {
        self.store = store
        self.inputs = inputs
    }

    /// Adds the maps to the files that the document speaks of.
    ///
    /// - Throws: `TaskFault` naming the file and the segment that does not hold.
    mutating func apply(_ document: [UInt8], to entries: inout [FileTree.Entry]) throws {
        let json: JSON
        do {
            json = try JSON(parsing: document)
        } catch {
            throw TaskFault("\(WorkFolder.lineage) is no JSON: \(error)")
        }
        guard json["schema"]?.string == LineageClaims.schema, let files = json["files"]?.object else {
            throw TaskFault("\(WorkFolder.lineage): expected an object with the schema \(LineageClaims.schema) and \"files\"")
        }
        for (path, claim) in files.sorted(by: { $0.key < $1.key }) {
            guard let index = entries.firstIndex(where: { $0.path == path }), case .file(var file) = entries[index].kind else {
                throw TaskFault("\(WorkFolder.lineage) speaks of \(path), which is no file among the outputs")
            }
            let map = try map(of: path, claim, bytes: try store.blob(file.digest))
            file.map = try store.put(map.json.canonical)
            entries[index].kind = .file(file)
        }
    }

    private mutating func map(of path: String, _ claim: JSON, bytes: [UInt8]) throws -> FileMap {
        func fault(_ problem: String) -> TaskFault { TaskFault("\(WorkFolder.lineage): \(path): \(problem)") }
        guard let names = claim["sources"]?.array?.map(\.string), let claimed = claim["segments"]?.array else {
            throw fault("expected \"sources\" and \"segments\"")
        }
        var map = FileMap(sources: [], segments: [])
        var end = 0
        for (number, json) in claimed.enumerated() {
            func wrong(_ problem: String) -> TaskFault { fault("segment \(number): \(problem)") }
            guard let segment = Segment(json: json) else {
                throw wrong("expected [length, source, offset, source length, mode], found \(json)")
            }
            guard let range = ByteRange(start: end, length: segment.length).checked(within: bytes.count) else {
                throw wrong("it ends behind the file's \(bytes.count) bytes")
            }
            end = range.upperBound
            switch segment.mode {
            case .synthetic:
                guard segment.source == Segment.noSource else { throw wrong("it has a source, but its mode has none") }
                map.segments.append(.synthetic(length: segment.length))
            case .supported: throw wrong("a file has no evidence, so that no part of it can be \"supported\"")
            case .verbatim, .rewritten:
                guard names.indices.contains(segment.source), let name = names[segment.source] else {
                    throw wrong("it names source \(segment.source), which is no text among the \(names.count) sources")
                }
                guard let origin = try origin(name) else { throw wrong("there is no input \(name)") }
                try check(segment, bytes[range], origin, name).map { throw wrong($0) }
                try append(segment, origin, to: &map).map { throw wrong("\($0) of \(name)") }
            }
        }
        guard end == bytes.count else { throw fault("its segments cover \(end) of \(bytes.count) bytes") }
        var proof = RecordProof()
        do {
            try map.check(bytes, &proof) { try self.bytes(of: $0) }
        } catch let error as RecordProof.Fault {
            throw fault(error.problem)
        }
        return map
    }

    /// What keeps the claim from being true; nil if it is.
    private mutating func check(_ segment: Segment, _ text: ArraySlice<UInt8>, _ origin: Claimed, _ name: String) throws
        -> String?
    {
        let whole: [UInt8]
        switch origin {
        case .source(let digest): whole = try bytes(of: digest)
        case .traced(let record): whole = record.text
        }
        guard let range = ByteRange(start: segment.offset, length: segment.sourceLength).checked(within: whole.count) else {
            return "\(name) has only \(whole.count) bytes"
        }
        let holds: Bool
        if case .rewritten(let rewriting) = segment.mode {
            holds = rewriting.apply(to: Array(whole[range])).map { $0.elementsEqual(text) } ?? false
        } else {
            holds = whole[range].elementsEqual(text)
        }
        return holds ? nil : "bytes \(range.lowerBound)..<\(range.upperBound) of \(name) do not give its \(segment.length) bytes"
    }

    /// Adds the segment, or the parts that it comes to further up.
    /// - Returns: why that cannot be done.
    private func append(_ segment: Segment, _ origin: Claimed, to map: inout FileMap) -> String? {
        func index(of source: Digest) -> Int {
            if let known = map.sources.firstIndex(of: source) { return known }
            map.sources.append(source)
            return map.sources.count - 1
        }
        switch origin {
        case .source(let digest):
            var segment = segment
            segment.source = index(of: digest)
            map.segments.append(segment)
        case .traced(let record):
            let parts = SegmentSlice.parts(of: record, in: segment.offset..<segment.offset + segment.sourceLength)
            if case .rewritten = segment.mode {
                guard parts.count == 1, parts[0].mode == .verbatim, let citation = parts[0].citation else {
                    return "it rewrites bytes that are not verbatim themselves,"
                }
                map.segments.append(
                    Segment(
                        length: segment.length, source: index(of: record.sources[citation.source]), offset: citation.range.start,
                        sourceLength: citation.range.length, mode: segment.mode))
                return nil
            }
            for part in parts {
                guard part.mode != .supported else { return "it points into generated text" }
                guard let citation = part.citation else {
                    map.segments.append(.synthetic(length: part.text.count))
                    continue
                }
                map.segments.append(
                    Segment(
                        length: part.text.count, source: index(of: record.sources[citation.source]), offset: citation.range.start,
                        sourceLength: citation.range.length, mode: part.mode))
            }
        }
        return nil
    }

    // MARK: What can be pointed into

    private mutating func origin(_ name: String) throws -> Claimed? {
        if let known = origins[name] { return known }
        let parts = name.split(separator: "#", maxSplits: 1).map(String.init)
        var found: Claimed?
        switch inputs.origins[name] {
        case .source(let digest)?: found = .source(digest)
        case .file(let file)?: found = try traced(file)
        case .records?, nil:
            if parts.count == 2, case .records(let shards)? = inputs.origins[parts[0]], let number = Int(parts[1]), number > 0 {
                let record = try DatasetReader(store: store).record(number - 1, of: Dataset(shards: shards))?.record
                found = record.map { .traced($0) }
            }
        }
        origins[name] = found
        return found
    }

    private func traced(_ file: FileTree.File) throws -> Claimed {
        guard let map = file.map else { return .source(file.digest) }
        return .traced(try FileMap(json: JSON(parsing: store.blob(map))).asRecord(of: try store.blob(file.digest)))
    }

    private mutating func bytes(of source: Digest) throws -> [UInt8] {
        if let known = sourceBytes[source] { return known }
        let bytes = try store.blob(source)
        sourceBytes[source] = bytes
        return bytes
    }
}
