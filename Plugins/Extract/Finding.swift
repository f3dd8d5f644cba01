import HeadwaterModel

/// Something found in a document's text: what becomes one record.
struct Finding {
    var kind: Kind
    /// Its bytes in the document's text.
    var range: Range<Int>
    var fields: [(name: String, value: JSON)] = []
    /// Where in the document's text a field's value stands.
    var cites: [(field: String, range: Range<Int>)] = []
    /// Fields that are lists, each value with where it stands.
    var lists: [(name: String, elements: [(value: JSON, range: Range<Int>)])] = []

    /// In the order in which findings at the same place are emitted.
    enum Kind: String, CaseIterable {
        case claim, quotation, date, quantity, entity
    }

    mutating func set(_ name: String, _ value: JSON, citing range: Range<Int>? = nil) {
        fields.append((name, value))
        if let range { cites.append((name, range)) }
    }
}

extension Finding: Comparable {
    /// Text order; a longer finding before the shorter ones that begin with it.
    static func < (a: Finding, b: Finding) -> Bool {
        (a.range.lowerBound, b.range.upperBound, a.kind.rank) < (b.range.lowerBound, a.range.upperBound, b.kind.rank)
    }

    static func == (a: Finding, b: Finding) -> Bool { a.range == b.range && a.kind == b.kind }
}

extension Finding.Kind {
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
