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
        RecordCitations.places(of: record).map { place in
            if let known = numbers[place] { return known }
            list.append(
                Entry(
                    place: place, title: record.fields["title"]?.string, site: record.fields["site"]?.string,
                    published: record.fields["published"]?.string))
            numbers[place] = list.count
            return list.count
        }
    }

    /// What stands in each cited range, and on which line. Each source is read once, and its lines are counted once.
    func excerpts(_ locators: SourceLocators, in store: Store) throws -> [SourceExcerpt?] {
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
