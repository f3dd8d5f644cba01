public import HeadwaterModel
import HeadwaterStore

/// What a person wrote down about a run or an artifact.
public struct UserNote: Sendable {
    /// Names the note: 16 hex digits, from what it says.
    public var id: String
    /// The artifact, or the manifest of the run.
    public var target: Digest
    public var text: String
    /// When it was written, in milliseconds since 1970.
    public var written: Int

    static let schema = "headwater.note/1"

    /// Bytes of a note's text.
    public static let longest = 16_384

    var document: JSON {
        [
            "schema": .string(UserNote.schema), "target": .string(target.description), "text": .string(text),
            "written": .integer(written),
        ]
    }

    init(target: Digest, text: String, written: Int) {
        (self.target, self.text, self.written) = (target, text, written)
        id = ""
        id = String(document.digest.hex.prefix(16))
    }

    init(reading bytes: [UInt8]) throws {
        let json = try JSON(parsing: bytes)
        guard json["schema"]?.string == UserNote.schema, let target = json["target"]?.string.flatMap({ Digest($0) }),
            let text = json["text"]?.string, let written = json["written"]?.integer, (0...JSON.largestInteger).contains(written)
        else { throw DocumentError("a document of schema \(UserNote.schema): expected a target, a text and a time") }
        self.init(target: target, text: text, written: written)
    }

    public var json: JSON { ["id": .string(id), "text": .string(text), "written": .integer(written)] }
}

/// Notes are name bindings as tags are: `note:`, the digits of the target's digest, a colon and the note's id. Each has a name of its
/// own, so that writers who do not know of each other never meet. Removing one moves its name to the document that a removed tag
/// stands for. A collection keeps the notes on what it keeps.
extension History {
    static let notePrefix = "note:"

    /// What the note with this name is about; nil for the name of anything else.
    static func noteTarget(_ name: String) -> Digest? {
        guard name.hasPrefix(notePrefix) else { return nil }
        return Digest(hex: name.dropFirst(notePrefix.count).prefix { $0 != ":" })
    }

    /// All notes, by what they are about; those on one thing in the order in which they were written.
    public func notes() throws -> [Digest: [UserNote]] {
        var out: [Digest: [UserNote]] = [:]
        for name in try store.keys(.name) {
            guard let target = History.noteTarget(name), let head = try heads(of: name).first else { continue }
            let note = try UserNote(reading: store.blob(head))
            guard note.target == target else { throw DocumentError("the note \(name) is about something else") }
            out[target, default: []].append(note)
        }
        return out.mapValues { $0.sorted { ($0.written, $0.id) < ($1.written, $1.id) } }
    }

    /// What stands for a run where a note is about it; nil for a run that is not kept.
    public func target(of run: RunManifest) throws -> Digest? { try store.bindings(.run, run.id.description).first?.value }

    /// Keeps a note on an artifact, or on the manifest of a run. The store must be open for writing.
    public func note(_ text: String, on target: Digest, written: Int) throws -> UserNote {
        let note = UserNote(target: target, text: text, written: written)
        let name = "\(History.notePrefix)\(target.hex):\(note.id)"
        let value = try store.put(note.document.canonical)
        try store.bind(Binding(kind: .name, key: name, value: value, supersedes: try store.heads(of: name).map(\.digest)))
        try store.commit()
        return note
    }

    /// Removes the notes whose ids start so.
    /// - Returns: those that there are; only one is removed, and none of several.
    public func removeNote(_ prefix: String) throws -> [UserNote] {
        let found = try notes().values.joined().filter { $0.id.hasPrefix(prefix) }.sorted { $0.id < $1.id }
        guard found.count == 1, let note = found.first else { return found }
        let name = "\(History.notePrefix)\(note.target.hex):\(note.id)"
        let value = try store.put(History.untagged)
        try store.bind(Binding(kind: .name, key: name, value: value, supersedes: try store.heads(of: name).map(\.digest)))
        try store.commit()
        return found
    }
}
