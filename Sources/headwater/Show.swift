import ArgumentParser
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a run, an artifact, a record, a source or a stored document.",
        discussion: """
            EXAMPLES:
              headwater show quickstart              the latest run of a pipeline
              headwater show run:4f2a9c              a run by the start of its id
              headwater show clean                   the latest artifact of a stage
              headwater show 'clean#1'               its first record
              headwater show source:paper/page.html  a source, byte for byte
              headwater show sha256:9c1e…            an artifact, or any stored document
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: "What to show.")
    var reference: String

    func run() throws {
        let store = try options.open()
        switch try options.resolve(reference, in: store) {
        case .run(let run): try RunText(store: store).show(run, asJSON: options.json)
        case .artifact(let place):
            if options.json { return Console.line(place.content.json.description) }
            show(place)
            for note in try RunRemarks(History(store: store)).notes(on: place.digest) { NoteText.show(note) }
        case .record(let place, let bytes):
            if let bytes {
                Console.bytes(Array(place.record.text[bytes]) + [UInt8(ascii: "\n")])
            } else if options.json {
                Console.bytes(place.record.canonical + [UInt8(ascii: "\n")])
            } else {
                RecordText.show(place.record, number: place.number)
            }
        case .source(let place, let bytes):
            let all = try store.blob(place.digest)
            if let bytes {
                Console.bytes(Array(all[bytes]))
            } else {
                Console.bytes(all)
            }
        case .published(let place, let bytes, let content):
            Console.line(
                VisibleText.of("\(place.publication.path), published by run:\(place.run.id) from \(place.publication.stage)"))
            Console.bytes(Array(content[bytes]) + [UInt8(ascii: "\n")])
        case .blob(let digest): Console.bytes(try store.blob(digest) + [UInt8(ascii: "\n")])
        }
    }

    private func show(_ tree: FileTree) {
        Console.line("files     \(tree.files.count), \(tree.byteCount) bytes")
        for entry in tree.entries {
            switch entry.kind {
            case .folder: Console.line(VisibleText.of("          \(entry.path)/"))
            case .link(let target): Console.line(VisibleText.of("          \(entry.path) -> \(target)"))
            case .file(let file):
                let marks = (file.isExecutable ? ", can be run" : "") + (file.map == nil ? "" : ", traced to the byte")
                Console.line(VisibleText.of("          \(entry.path)  \(file.byteCount) bytes\(marks), \(file.digest)"))
            }
        }
    }

    private func show(_ place: Resolver.ArtifactPlace) {
        let style = Style.standardOutput
        Console.line("\(style.bold("\(place.run.pipeline)/\(place.stage.name)"))  \(place.digest)")
        Console.line("made by   run:\(place.run.id), plugin \(place.stage.plugin) \(place.stage.version)")
        if let tree = place.content.tree { return show(tree) }
        Console.line(
            "records   \(place.dataset.recordCount) in \(counted(place.dataset.shards.count, "shard")), \(place.dataset.byteCount) bytes"
        )
        if let sandbox = place.stage.confinement { Console.line(VisibleText.of("sandbox   \(sandbox)")) }
        for (reason, count) in place.dataset.dropCounts.sorted(by: { $0.key < $1.key }) {
            Console.line(VisibleText.of("left out  \(count): \(reason)"))
        }
    }
}
