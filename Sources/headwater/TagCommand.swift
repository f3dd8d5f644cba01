import ArgumentParser
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Give a run a name, so that it is found again and kept by every collection.",
        discussion: """
            A tag names one run; given to another run it moves. Without arguments all tags are listed.

            EXAMPLES:
              headwater tag quickstart published-march     the latest run of a pipeline
              headwater tag run:4f2a9c before-the-change
              headwater trace 'tag:published-march/summarize#1'
              headwater tag --remove before-the-change
              headwater tag
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: ArgumentHelp("A run, or a pipeline for its latest run.", valueName: "run"))
    var target: String?

    @Argument(help: "Letters, digits, '.', '_' and '-'.")
    var name: String?

    @Option(name: .long, help: ArgumentHelp("Remove this tag; the run stays.", valueName: "name"))
    var remove: String?

    func validate() throws {
        if remove != nil && target != nil { throw ValidationError("--remove takes the tag's name and nothing else") }
        if target != nil && name == nil { throw ValidationError("expected a run and a name for it") }
        if let name = name ?? remove, !History.isTagName(name) {
            throw ValidationError("'\(name)' cannot be a tag; expected letters, digits, '.', '_' and '-', at most 64 of them")
        }
    }

    func run() throws {
        guard remove != nil || target != nil else { return try list() }
        // What is named is looked up first: opening for writing would create a store where there is none.
        let tagged = try target.map { try find($0, in: try options.open()) }
        let store = try Store.open(at: try options.path(), .write)
        let history = History(store: store)
        if let remove {
            guard try history.untag(remove) else {
                try store.close()
                throw CommandFault("there is no tag \(remove); 'headwater tag' lists those there are")
            }
        } else if let tagged, let name {
            try history.tag(tagged, as: name)
            Console.plain("\(name) stands for run:\(tagged.id) of \(Log.time(tagged.started))")
        }
        try store.close()
    }

    private func find(_ text: String, in store: Store) throws -> RunManifest {
        guard case .run(let run) = try options.resolve(text, in: store) else {
            throw CommandFault(
                "\(text) is no run; expected run: and the start of its id, or a pipeline's name. "
                    + "An artifact of a tagged run is named by tag:NAME/STAGE")
        }
        return run
    }

    private func list() throws {
        let history = History(store: try options.open())
        let tags = try history.tags()
        for tag in tags {
            let run = try history.manifest(tag.run)
            if options.json {
                Console.line(JSON.object(["tag": .string(tag.name), "run": .string(run.id.description)]).description)
            } else {
                let name = Style.standardOutput.bold(tag.name)
                Console.line("\(name)  run:\(run.id)  \(Log.time(run.started))  \(VisibleText.of(run.pipeline))")
            }
        }
        if tags.isEmpty && !options.json { Console.line("no tags yet") }
    }
}
