import HeadwaterLineage
import HeadwaterModel

/// The tags of runs, and what people wrote about runs and artifacts, looked up once.
struct RunRemarks {
    private let history: History
    /// By the digest of a run's manifest.
    private let tags: [Digest: [String]]
    private let notes: [Digest: [UserNote]]
    /// Whether a note could not be read.
    let isDamaged: Bool

    init(_ history: History) throws {
        self.history = history
        tags = Dictionary(grouping: try history.tags(), by: \.run).mapValues { $0.map(\.name) }
        do {
            notes = try history.notes()
            isDamaged = false
        } catch  where Damage.isMeant(by: error) {
            // Runs can be listed without what was written about them.
            Console.warning(VisibleText.of("notes cannot be read: \(error)"))
            notes = [:]
            isDamaged = true
        }
    }

    func tags(of run: RunManifest) throws -> [String] {
        tags.isEmpty ? [] : try history.target(of: run).flatMap { tags[$0] } ?? []
    }

    func notes(on run: RunManifest) throws -> [UserNote] {
        notes.isEmpty ? [] : try history.target(of: run).flatMap { notes[$0] } ?? []
    }

    func notes(on artifact: Digest) -> [UserNote] { notes[artifact] ?? [] }

    /// What the run's own notes say, and those on its artifacts.
    func allNotes(of run: RunManifest) throws -> [UserNote] {
        try notes(on: run) + (notes.isEmpty ? [] : run.stages.compactMap(\.artifact).flatMap { notes[$0] ?? [] })
    }

    /// The run's manifest as JSON, with its tags and the notes on it where there are any.
    func json(of run: RunManifest) throws -> JSON {
        var members = run.json.object ?? [:]
        let (tags, notes) = (try tags(of: run), try notes(on: run))
        if !tags.isEmpty { members["tags"] = .array(tags.map { .string($0) }) }
        if !notes.isEmpty { members["notes"] = .array(notes.map(\.json)) }
        return .object(members)
    }
}
