import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct NoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Write something down about a run or an artifact, or list what was written.",
        discussion: """
            A note is kept as long as what it is about, and shown by log and show. Notes on an artifact belong to what it holds, \
            whichever run made it. Without arguments all notes are listed.

            EXAMPLES:
              headwater note quickstart "sent to the editors"
              headwater note run:4f2a9c/clean "the form letters of page 3 are still in it"
              headwater note quickstart                    what was written about the latest run
              headwater note --remove 5d21f0               by the first digits of the note's id
              headwater note
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: "A run, a pipeline for its latest run, or an artifact.")
    var reference: String?

    @Argument(help: "What to write down.")
    var text: String?

    @Option(name: .long, help: ArgumentHelp("Remove the note whose id starts so.", valueName: "id"))
    var remove: String?

    func validate() throws {
        if remove != nil && reference != nil { throw ValidationError("--remove takes the note's id and nothing else") }
        if let text {
            if text.allSatisfy(\.isWhitespace) { throw ValidationError("the note is empty") }
            if text.utf8.count > UserNote.longest {
                throw ValidationError("the note has \(text.utf8.count) bytes; expected \(UserNote.longest) at most")
            }
        }
    }

    func run() throws {
        if let remove { return try self.remove(remove) }
        guard let reference else { return try listAll() }
        let reading = try options.open()
        let target = try NoteCommand.target(of: try options.resolve(reference, in: reading), reference, reading)
        guard let text else {
            let notes = try History(store: reading).notes()[target] ?? []
            if notes.isEmpty, !options.json { Console.line("no notes on \(reference)") }
            return show(notes, on: target)
        }
        let store = try Store.open(at: try options.path(), .write)
        let note = try History(store: store).note(text, on: target, written: max(0, Int(Date().timeIntervalSince1970 * 1000)))
        Console.plain("noted as \(note.id)")
        try store.close()
    }

    private static func target(of named: Resolver.Resolved, _ text: String, _ store: Store) throws -> Digest {
        switch named {
        case .run(let run): if let target = try History(store: store).target(of: run) { return target }
        case .artifact(let place): return place.digest
        case .record, .source, .published, .blob: break
        }
        throw CommandFault("\(text): notes are kept on runs and artifacts; expected one, such as quickstart or run:4f2a9c/clean")
    }

    private func remove(_ prefix: String) throws {
        // Opening for writing would create a store where there is none.
        _ = try options.open()
        let store = try Store.open(at: try options.path(), .write)
        let found = try History(store: store).removeNote(prefix)
        try store.close()
        if found.isEmpty { throw CommandFault("no note's id starts with \(prefix); 'headwater note' lists those there are") }
        if found.count > 1 {
            throw CommandFault("\(prefix) is ambiguous: it may be \(found.map(\.id).joined(separator: " or "))")
        }
        Console.plain("removed \(found[0].id)")
    }

    private func listAll() throws {
        let all = try History(store: try options.open()).notes()
        for (target, notes) in all.sorted(by: { $0.key < $1.key }) { show(notes, on: target) }
        if all.isEmpty, !options.json { Console.line("no notes yet") }
    }

    private func show(_ notes: [UserNote], on target: Digest) {
        for note in notes {
            if options.json {
                let members = (note.json.object ?? [:]).merging(["target": .string(target.description)]) { own, _ in own }
                Console.line(JSON.object(members).description)
            } else {
                NoteText.show(note, on: reference == nil ? target : nil)
            }
        }
    }
}

/// A note as a person reads it.
enum NoteText {
    /// - Parameters:
    ///   - target: what it is about, where that has to be said.
    ///   - indent: before each line.
    static func show(_ note: UserNote, on target: Digest? = nil, indent: String = "") {
        let about = target.map { " on \($0.short)" } ?? ""
        let head = "\(indent)note \(note.id)\(about), \(Log.time(note.written)): "
        let lines = VisibleText.lines(of: note.text).split(separator: "\n", omittingEmptySubsequences: false)
        Console.line(head + (lines.first ?? ""))
        for line in lines.dropFirst() { Console.line("\(indent)  \(line)") }
    }
}
