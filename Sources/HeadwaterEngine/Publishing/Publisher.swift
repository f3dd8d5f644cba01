import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

/// Writes an artifact's records to a file or a folder for people and programs, and keeps which byte of it is which byte of
/// which record.
struct Publisher {
    let store: Store
    /// All stages of the run, for what is said of sources.
    let stages: [RunManifest.Stage]
    /// What earlier runs wrote into published folders.
    let folders: PublishedFolders

    /// The bytes and their map are durable in the store before a file is there: whenever the process is stopped, the old
    /// file is left or the new one is, and the new one's map is known.
    /// - Returns: what was published, and remarks for whoever runs the pipeline.
    func publish(_ publication: Publication, artifact: Digest) throws -> (kept: RunManifest.Publication, remarks: [String]) {
        let reader = DatasetReader(store: store)
        if publication.format == .files {
            return (try TreePublication(store: store, folders: folders).publish(publication, artifact: artifact), [])
        }
        let dataset = try reader.dataset(artifact)
        let content = PublishedRecords(dataset, notes: publication.notes, kinds: publication.kinds, reader)
        var format = try publication.format.recordFormat(
            publication, RecordCitations(content, in: stages, store: store))
        var writer = PublicationWriter(store: store, artifact: artifact, stage: publication.stage)
        var names = PublishedNames(ending: publication.format.fileEnding)
        if !publication.isFolder { format.begin(&writer) }
        var number = 0
        for part in 0..<content.partCount {
            let records = try content.records(ofPart: part)
            try format.prepare(records.filter(content.isWritten), partition: part)
            for record in records {
                if !content.isWritten(record) {
                    // It keeps its number: records are counted as the stage has them.
                } else if publication.isFolder {
                    try write(record, number: number, format, &names, &writer)
                } else {
                    try format.write(record, number: number, to: &writer)
                }
                number += 1
                try writer.endRecord(next: number)
            }
            try writer.endShard(next: number)
        }
        if !publication.isFolder { try format.end(&writer) }
        let (file, map) = try writer.finish(isFolder: publication.isFolder)
        let kept = RunManifest.Publication(
            name: publication.name, stage: publication.stage, format: publication.format.name, path: publication.text,
            file: file, map: map)
        let written = try PublishedContent(kept, store: store)
        if publication.isFolder {
            try folders.write(written, to: publication, store: store)
        } else {
            try store.commit()
            try AtomicFile.write(to: publication.path, digest: file) { write in
                try written.forEachPart { try write(try store.blob($0.bytes)) }
            }
        }
        let nothing = number == 0 ? publication.notes.map { ["the stage has no notes of the kind \($0)"] } ?? [] : []
        return (kept, nothing.isEmpty ? format.remarks : nothing)
    }

    /// One record as a file of its own; one that has nothing to show is left out.
    private func write(
        _ record: Record, number: Int, _ format: any RecordFormat, _ names: inout PublishedNames,
        _ writer: inout PublicationWriter
    ) throws {
        guard format.shows(record) else { return }
        // Each file begins anew, with citations numbered from 1.
        var format = format
        writer.beginFile()
        format.begin(&writer)
        try format.write(record, number: number, to: &writer)
        try format.end(&writer)
        writer.endFile(names.name(of: record))
    }
}

/// How records are written: once around all of them, or around each where each has a file of its own.
protocol RecordFormat {
    /// Whether a record is worth a file of its own.
    func shows(_ record: Record) -> Bool
    /// Called before the records of each partition are written.
    mutating func prepare(_ records: [Record], partition: Int) throws
    mutating func begin(_ writer: inout PublicationWriter)
    mutating func write(_ record: Record, number: Int, to writer: inout PublicationWriter) throws
    mutating func end(_ writer: inout PublicationWriter) throws
    /// What whoever runs the pipeline should know, once all is written.
    var remarks: [String] { get }
}

extension RecordFormat {
    func shows(_ record: Record) -> Bool { true }
    mutating func prepare(_ records: [Record], partition: Int) throws {}
    mutating func begin(_ writer: inout PublicationWriter) {}
    mutating func end(_ writer: inout PublicationWriter) throws {}
    var remarks: [String] { [] }
}

extension PublicationFormat {
    fileprivate func recordFormat(_ publication: Publication, _ citations: RecordCitations) throws -> any RecordFormat {
        switch self {
        case .markdown where publication.fields != nil:
            TableFormat(MarkdownSyntax(), title: publication.title, fields: publication.fields ?? [], citations)
        case .html where publication.fields != nil:
            TableFormat(HTMLSyntax(), title: publication.title, fields: publication.fields ?? [], citations)
        case .markdown: PageFormat(MarkdownSyntax(), title: publication.title, citations, isFolder: publication.isFolder)
        case .html: PageFormat(HTMLSyntax(), title: publication.title, citations, isFolder: publication.isFolder)
        case .json: JSONFormat(.document, fields: publication.fields, citations, isFolder: publication.isFolder)
        case .jsonl: JSONFormat(.lines, fields: publication.fields, citations, isFolder: false)
        case .csv: try CSVFormat(fields: publication.fields, citations)
        case .text: TextFormat()
        case .files: throw TaskFault("files are not written from records")
        }
    }
}
