import HeadwaterModel
import HeadwaterPluginKit

/// What was decided about the names of one partition's documents, where it is not what their documents say already.
struct NameDecision: Equatable {
    /// A name of a document, by both their numbers, and what it is called in the corpus.
    struct Named: Equatable {
        var document: Int
        var name: Int
        var canonical: NamedEntity.Form
        /// What is told of the entity with this name; nil where another name tells it.
        var account: Account?
    }

    /// What is known of an entity that several documents name.
    struct Account: Equatable {
        var variants: [NamedEntity.Form]
        var documents: Int
        var mentions: Int
    }

    var named: [Named] = []

    /// Adds the entity's names to the decisions on their partitions.
    static func add(_ entity: NamedEntity, to decisions: inout [NameDecision]) {
        for (index, member) in entity.members.enumerated() where decisions.indices.contains(member.partition) {
            var named = Named(document: member.place.document, name: member.place.name, canonical: entity.canonical)
            if index == entity.teller {
                named.account = Account(
                    variants: entity.variants, documents: Set(entity.members.map(\.document)).count,
                    mentions: entity.members.reduce(0) { $0 + $1.mentions })
            }
            decisions[member.partition].named.append(named)
        }
    }

    func write(to writer: inout PackedWriter) {
        writer.count(named.count)
        for named in named.sorted(by: { ($0.document, $0.name) < ($1.document, $1.name) }) {
            writer.count(named.document)
            writer.count(named.name)
            writer.form(named.canonical)
            writer.flag(named.account != nil)
            guard let account = named.account else { continue }
            writer.count(account.documents)
            writer.count(account.mentions)
            writer.count(account.variants.count)
            for variant in account.variants { writer.form(variant) }
        }
    }

    init() {}

    init(from reader: inout PackedReader) throws {
        for _ in 0..<(try reader.elements(ofAtLeast: 5)) {
            var named = Named(document: try reader.count(), name: try reader.count(), canonical: try reader.form())
            if try reader.flag() {
                let (documents, mentions) = (try reader.count(), try reader.count())
                named.account = Account(
                    variants: try (0..<reader.elements(ofAtLeast: 2)).map { _ in try reader.form() }, documents: documents,
                    mentions: mentions)
            }
            self.named.append(named)
        }
    }
}

extension PackedWriter {
    fileprivate mutating func form(_ form: NamedEntity.Form) {
        text(form.text)
        flag(form.place != nil)
        if let place = form.place { self.place(place) }
    }
}

extension PackedReader {
    fileprivate mutating func form() throws -> NamedEntity.Form {
        let text = try text()
        return NamedEntity.Form(text: text, place: try flag() ? try place() : nil)
    }
}
