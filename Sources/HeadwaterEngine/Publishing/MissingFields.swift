import HeadwaterModel

/// The fields that a publication names and no record has had so far: most likely a name that is misspelt.
struct MissingFields {
    private var names: Set<String>

    init(_ fields: [String]) { names = Set(fields).subtracting(RecordFields.own) }

    mutating func look(in records: [Record], _ citations: RecordCitations) {
        for record in records where !names.isEmpty {
            names = names.filter { RecordFields.value($0, of: record, citations) == nil }
        }
    }

    var remarks: [String] { names.sorted().map { "no record has the field \($0)" } }
}
