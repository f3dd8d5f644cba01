import HeadwaterModel
import HeadwaterPluginKit

/// A name as one document has it: what `extract` found to be one entity there.
struct DocumentName: Equatable {
    enum Kind: UInt8, CaseIterable {
        case person, organization, place, event

        init?(_ name: String?) {
            guard let found = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
            self = found
        }
    }

    /// A form of the name, and where in the document's source it stands; nil where it stands in another.
    struct Form: Equatable {
        var text: String
        var range: ByteRange?
    }

    var kind: Kind
    /// The full name in the document first, then what else it is called there; each once, in the order of the document.
    var forms: [Form]
    var mentions: Int

    /// More forms of one name in one document tell nothing new.
    private static let mostForms = 6

    /// The names of each document, by its id, in the order in which they first occur; with each the records that mention it.
    static func names(in annotations: [InputRecord]) -> [RecordID: DocumentNames] {
        var out: [RecordID: DocumentNames] = [:]
        for record in annotations where record.kind == "entity" {
            guard let document = record.record.parents.first, let kind = Kind(record.fields["type"]?.string),
                let name = record.fields["canonical"]?.string
            else { continue }
            out[document, default: DocumentNames()].add(record, kind, name)
        }
        return out
    }

    fileprivate mutating func add(_ form: Form) {
        if let known = forms.firstIndex(where: { $0.text == form.text }) {
            if forms[known].range == nil { forms[known].range = form.range }
        } else if forms.count < Self.mostForms {
            forms.append(form)
        }
    }
}

/// The names of one document.
struct DocumentNames {
    /// The source that places count in.
    private(set) var source: Digest?
    private(set) var names: [DocumentName] = []
    private var indices: [String: Int] = [:]

    /// The name that an `entity` record mentions, by its number.
    func number(of record: InputRecord) -> Int? {
        guard let kind = DocumentName.Kind(record.fields["type"]?.string), let name = record.fields["canonical"]?.string else {
            return nil
        }
        return indices["\(kind.rawValue) \(name)"]
    }

    fileprivate mutating func add(_ record: InputRecord, _ kind: DocumentName.Kind, _ name: String) {
        if source == nil { source = record.record.sources.first }
        func form(_ text: String, _ place: Place?) -> DocumentName.Form {
            .init(text: text, range: place.flatMap { $0.source == source ? $0.range : nil })
        }
        let cited = record.cite(of: "canonical").first.map { Place(source: $0.source, range: $0.range) }
        let key = "\(kind.rawValue) \(name)"
        let number = indices[key] ?? names.count
        if number == names.count {
            indices[key] = number
            names.append(DocumentName(kind: kind, forms: [form(name, cited)], mentions: 0))
        }
        names[number].mentions += 1
        names[number].add(form(Self.spaced(record.record.text), Place.hull(of: record.record)))
    }

    /// With single spaces, as `canonical` is written.
    private static func spaced(_ text: [UInt8]) -> String {
        String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The hashes of the names that occur most often: what the document is about.
    var topics: [UInt64] {
        names.map { (name: NameForm($0), mentions: $0.mentions) }.sorted {
            ($1.mentions, $0.name.hash) < ($0.mentions, $1.name.hash)
        }.prefix(Self.mostTopics).map(\.name.hash)
    }

    private static let mostTopics = 8
}
