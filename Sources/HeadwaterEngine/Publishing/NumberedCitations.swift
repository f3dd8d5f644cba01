import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// The places that a page cites, each numbered once, in the order in which they first occur.
struct NumberedCitations {
    struct Entry {
        var place: RecordCitations.Place
        var title: String?
        var site: String?
        var published: String?
    }

    private(set) var list: [Entry] = []
    private var numbers: [RecordCitations.Place: Int] = [:]

    /// The numbers of the record's places.
    mutating func add(_ record: Record) -> [Int] {
        add(RecordCitations.places(of: record), of: record)
    }

    /// The numbers of places that the record cites.
    /// - Parameter isOwn: whether what the record says of its document holds for them.
    mutating func add(_ places: [RecordCitations.Place], of record: Record, isOwn: Bool = true) -> [Int] {
        places.map { place in
            if let known = numbers[place] { return known }
            list.append(
                Entry(
                    place: place, title: isOwn ? record.fields["title"]?.string : nil,
                    site: isOwn ? record.fields["site"]?.string : nil,
                    published: isOwn ? record.fields["published"]?.string : nil))
            numbers[place] = list.count
            return list.count
        }
    }

    /// Writes the list of them, and the end of the page.
    func write(_ syntax: some PageSyntax, _ sources: RecordCitations, to writer: inout PublicationWriter) throws {
        guard !list.isEmpty else { return writer.write(syntax.end) }
        let locators = try SourceLocators(of: Set(list.map(\.place.source)), in: sources.stages, store: sources.store)
        let excerpts = try excerpts(locators, in: sources.store)
        writer.write(syntax.sourcesStart)
        for (index, entry) in list.enumerated() {
            var place = ", all of it"
            if let range = entry.place.range, let excerpt = excerpts[index] {
                place = ", line \(excerpt.line), bytes \(range.start)–\(range.end ?? range.start)"
            }
            let about = [entry.title.map { "“\($0)”" }, entry.site, entry.published].compactMap { $0 }.joined(separator: ", ")
            let locator = locators[entry.place.source] ?? entry.place.source.description
            writer.write(syntax.source(number: index + 1, locator: locator, place: place, about: about, excerpt: excerpts[index]))
        }
        writer.write(syntax.sourcesEnd)
    }

    /// What stands in each cited range, and on which line. Each source is read once, and its lines are counted once.
    private func excerpts(_ locators: SourceLocators, in store: Store) throws -> [SourceExcerpt?] {
        func start(_ index: Int) -> Int { max(list[index].place.range?.start ?? 0, 0) }
        var excerpts = [SourceExcerpt?](repeating: nil, count: list.count)
        var open: (source: Digest, places: SourcePlaces)?
        let order = list.indices.filter { list[$0].place.range != nil }.sorted {
            (list[$0].place.source, start($0)) < (list[$1].place.source, start($1))
        }
        for index in order {
            let source = list[index].place.source
            if open?.source != source {
                open = (source, SourcePlaces(try store.blob(source), charset: locators.charset(of: source)))
            }
            guard var places = open?.places else { continue }
            // Not held twice, or asking for the place would copy it.
            open = nil
            let end = places.bytes.count
            let first = min(start(index), end)
            let last = max(first, min(list[index].place.range?.end ?? first, end))
            excerpts[index] = SourceExcerpt(first..<last, of: &places, showing: .passage)
            open = (source, places)
        }
        return excerpts
    }
}
