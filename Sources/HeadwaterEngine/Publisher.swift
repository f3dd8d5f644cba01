import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

/// Writes an artifact's records to a file for people, and keeps which byte of it is which byte of which record.
struct Publisher {
    /// The formats a pipeline file may name.
    static let formats = ["markdown"]

    let store: Store

    /// The file's bytes and their map are durable in the store before the file is there: whenever the process is stopped,
    /// the old file is left or the new one is, and the new one's map is known.
    func publish(_ publication: Publication, artifact: Digest, stages: [RunManifest.Stage]) throws -> RunManifest.Publication {
        let dataset = try DatasetReader(store: store).dataset(artifact)
        var file = PublishedFile(artifact: artifact, stage: publication.stage)
        try MarkdownFormat(store: store, stages: stages).write(dataset, title: publication.name, to: &file)
        let kept = RunManifest.Publication(
            name: publication.name, stage: publication.stage, format: publication.format, path: publication.text,
            file: try store.put(file.bytes), map: try store.put(file.map.json.canonical))
        try store.commit()
        try AtomicFile.write(file.bytes, to: publication.path)
        return kept
    }
}

/// A published file in the making: its bytes and their map grow together.
struct PublishedFile {
    private(set) var bytes: [UInt8] = []
    private(set) var map: PublishedMap

    init(artifact: Digest, stage: String) {
        map = PublishedMap(artifact: artifact, stage: stage)
    }

    /// Text that the format itself writes.
    mutating func write(_ text: String) { write(Array(text.utf8), record: nil, offset: 0) }

    /// A part of a record's text.
    mutating func write(_ record: Record, number: Int, _ range: Range<Int>) {
        write(Array(record.text[range]), record: number, offset: range.lowerBound)
    }

    private mutating func write(_ text: [UInt8], record: Int?, offset: Int) {
        guard !text.isEmpty else { return }
        if record == nil, let last = map.runs.last, last.record == nil {
            map.runs[map.runs.count - 1].length += text.count
        } else {
            map.runs.append(.init(length: text.count, record: record, offset: offset))
        }
        bytes.append(contentsOf: text)
    }
}
