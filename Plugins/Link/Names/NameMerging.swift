import HeadwaterModel
import HeadwaterPluginKit

/// Finds which names of different documents are names of one person, body, place or event.
///
/// Names that could be of one come together under a key: a person's surname, any other name's own words, and each short form that
/// some document ties to a long one (`the HVA`, where it says that this is the Halveth Valley Authority). A short form is
/// a long one's only where the corpus knows one long one for it; a person also needs something in common between the
/// documents. What is not sure stays apart. Everything but the names of one key lies on disk.
struct NameMerging {
    /// A name of a document, with what is needed to decide about it.
    fileprivate struct Entry {
        var kind: DocumentName.Kind
        var text: String
        var document: RecordID
        var partition: Int
        /// Its document's number in the partition, and its own in the document.
        var place: (document: Int, name: Int)
        var mentions: Int
        var topics: [UInt64]
        var source: Digest?
        var forms: [DocumentName.Form]
        /// Whether the key is a short form that this document ties to the name.
        var isTied: Bool
    }

    private var names = SpoolSorter()

    /// More names of one key are not compared: a list of surnames, or text made to be slow.
    private static let mostForms = 256

    mutating func add(_ sketch: DocumentSketch, partition: Int, number: Int) throws {
        for (index, name) in sketch.names.enumerated() {
            let form = NameForm(name)
            guard !form.words.isEmpty, let text = name.forms.first?.text else { continue }
            var entry = Entry(
                kind: name.kind, text: text, document: sketch.id, partition: partition, place: (number, index),
                mentions: name.mentions,
                topics: sketch.topics, source: sketch.source, forms: name.forms, isTied: false)
            if name.kind == .person {
                try append(entry, key: form.surname)
                continue
            }
            try append(entry, key: form.text)
            // What the document calls it besides.
            entry.isTied = true
            var keys: Set<String> = [form.text]
            for short in name.forms.dropFirst() {
                let key = NameForm(name.kind, short.text).text
                if !key.isEmpty, keys.insert(key).inserted { try append(entry, key: key) }
            }
        }
    }

    private mutating func append(_ entry: Entry, key: String) throws {
        // The kind keeps a person apart from a company of the same name.
        let key = Array("\(entry.kind.rawValue) \(key)".utf8)
        try key.withUnsafeBytes { key in
            try names.append(key + entry.document.bytes) { $0.append(contentsOf: entry.bytes) }
        }
    }

    /// Decides, and calls with the members of each entity that is named in more than one document or in more than one way.
    consuming func forEachEntity(_ body: (NamedEntity) throws -> Void) throws {
        var merged = SpoolSorter()
        try Self.forEachKey(of: try names.sorted()) { entries in
            for (entry, key) in try Self.decide(entries) {
                let key = Array("\(entry.kind.rawValue) \(key)".utf8)
                try key.withUnsafeBytes { key in
                    try merged.append(key + entry.document.bytes) { $0.append(contentsOf: entry.bytes) }
                }
            }
        }
        try Self.forEachKey(of: try merged.sorted()) { entries in
            let entity = NamedEntity(
                entries.map { entry in
                    NamedEntity.Member(
                        document: entry.document, partition: entry.partition, place: entry.place, text: entry.text,
                        mentions: entry.mentions,
                        source: entry.source, forms: entry.forms)
                })
            if entity.members.count > 1 { try body(entity) }
        }
    }

    /// Which entity each name of one key is a name of, by a key of the entity.
    private static func decide(_ entries: [Entry]) throws -> [(Entry, String)] {
        guard let kind = entries.first?.kind else { return [] }
        let forms = entries.map { NameForm($0.kind, $0.text) }
        guard kind == .person else {
            // The long names that some document calls so; one alone takes the name in.
            let tied = zip(entries, forms).filter { $0.0.isTied }
            let long = Set(tied.map { $0.1.text })
            let known = Set(tied.flatMap { $0.0.topics })
            return zip(entries, forms).filter { !$0.0.isTied }.map { entry, form in
                guard long.count == 1, let name = long.first else { return (entry, form.text) }
                let isSure = isAcronym(entry.text) || !Set(entry.topics).subtracting([form.hash]).isDisjoint(with: known)
                return (entry, isSure ? name : form.text)
            }
        }
        let distinct = Array(Set(forms)).sorted { ($1.fullness, $0.text) < ($0.fullness, $1.text) }
        guard distinct.count <= mostForms else { return zip(entries, forms).map { ($0, $1.text) } }
        // What the documents are about in which each form occurs.
        var topics: [NameForm: Set<UInt64>] = [:]
        for (entry, form) in zip(entries, forms) { topics[form, default: []].formUnion(entry.topics) }
        var full: [NameForm: [NameForm]] = [:]
        for form in distinct { full[form] = Self.persons(distinct, fullerThan: form) }
        return zip(entries, forms).map { entry, form in
            guard let person = full[form]?.first, full[form]?.count == 1 else { return (entry, form.text) }
            if form.givenNames.isEmpty {
                // A surname alone: the documents must have somebody or something else in common.
                let others = Set(entry.topics).subtracting([form.hash])
                guard let known = topics[person], !others.isDisjoint(with: known) else { return (entry, form.text) }
            }
            return (entry, person.text)
        }
    }

    /// Two capitals or more and nothing else: such a name is rarely given twice.
    private static func isAcronym(_ text: String) -> Bool {
        text.utf8.count > 1 && text.utf8.allSatisfy { 0x41...0x5A ~= $0 || $0 == UInt8(ascii: ".") }
    }

    /// The fullest forms that a form can be short for, one for each person.
    private static func persons(_ distinct: [NameForm], fullerThan form: NameForm) -> [NameForm] {
        var out: [NameForm] = []
        for other in distinct where other.fullness > form.fullness && other.isCompatible(with: form) {
            if !out.contains(where: { $0.isCompatible(with: other) }) { out.append(other) }
        }
        return out
    }

    /// Calls with the entries of each key, in the order of their documents' ids.
    private static func forEachKey(of elements: SpooledElements, _ body: ([Entry]) throws -> Void) throws {
        var key: [UInt8] = []
        var entries: [Entry] = []
        try elements.forEach { element in
            let own = element.key.dropLast(RecordID.byteCount)
            if !own.elementsEqual(key) {
                if !entries.isEmpty { try body(entries) }
                (key, entries) = (Array(own), [])
            }
            entries.append(try Entry(Array(element.value)))
        }
        if !entries.isEmpty { try body(entries) }
    }
}

extension SpoolSorter {
    /// Appends under a key that is put together.
    fileprivate mutating func append(_ key: [UInt8], _ value: (inout [UInt8]) -> Void) throws {
        try key.withUnsafeBytes { try append($0, value) }
    }
}

private func + (key: UnsafeRawBufferPointer, rest: [UInt8]) -> [UInt8] { Array(key) + rest }

// MARK: As bytes

fileprivate extension NameMerging.Entry {
    private static let format: StaticString = "link.name"

    var bytes: [UInt8] {
        var writer = PackedWriter(format: Self.format, version: 1)
        writer.count(Int(kind.rawValue))
        writer.text(text)
        writer.id(document)
        for number in [partition, place.document, place.name, mentions, topics.count] { writer.count(number) }
        for topic in topics { writer.unsigned(topic) }
        writer.flag(source != nil)
        if let source { writer.raw(source.bytes) }
        writer.count(forms.count)
        for form in forms {
            writer.text(form.text)
            writer.count(form.range?.length ?? 0)
            writer.count(form.range?.start ?? 0)
        }
        writer.flag(isTied)
        return writer.bytes
    }

    init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes, format: Self.format, version: 1)
        guard let kind = DocumentName.Kind(rawValue: UInt8(truncatingIfNeeded: try reader.count())) else {
            throw StageError("link.name bytes are damaged: no such kind")
        }
        self.kind = kind
        (text, document, partition) = (try reader.text(), try reader.id(), try reader.count())
        place = (try reader.count(), try reader.count())
        mentions = try reader.count()
        topics = try (0..<reader.elements(ofAtLeast: 1)).map { _ in try reader.unsigned() }
        source = try reader.flag() ? Digest(bytes: try reader.raw(Digest.byteCount)) : nil
        forms = try (0..<reader.elements(ofAtLeast: 3)).map { _ in
            let text = try reader.text()
            let range = ByteRange(start: 0, length: try reader.count())
            let start = try reader.count()
            return .init(text: text, range: range.length == 0 ? nil : ByteRange(start: start, length: range.length))
        }
        isTied = try reader.flag()
    }
}
