import HeadwaterModel

/// A record as it is looked for in another run: what it is by digests, and where it stands.
struct RecordPlacing {
    var id: RecordID
    var place: RecordChange.Place
    var kind: String
    var text: Digest
    var fields: Digest
    /// As bytes: names that differ in their Unicode normalisation only are two.
    var locator: [UInt8]?
    var parents: [RecordID]
    var source: Digest?
    /// From the first to the last byte that it has of that source.
    var extent: Range<Int>

    init(_ record: Record, at place: RecordChange.Place) {
        (id, self.place, kind, parents) = (record.id, place, record.kind, record.parents)
        text = Digest(of: record.text)
        fields = JSON.object(record.fields).digest
        locator = (record.fields["locator"]?.string).map { Array($0.utf8) }
        source = record.sources.first
        var known: Range<Int>?
        for segment in record.segments {
            guard segment.source == 0, let range = segment.citation?.range.checked(within: Int.max) else { continue }
            known = known.map { min($0.lowerBound, range.lowerBound)..<max($0.upperBound, range.upperBound) } ?? range
        }
        extent = known ?? 0..<0
    }
}

/// Finds which of the records that went and of those that came stand in one place.
///
/// A place is what two records share: their kind and their locator, their parents (or those that stand for them by now), or
/// their source, whichever is found first. Of several records in one place those of equal text belong together, then
/// those whose source bytes overlap, then the ones that stand between the same neighbours, in their order.
struct RecordPairing {
    private let old: [RecordPlacing]
    private let new: [RecordPlacing]
    private let succession: RecordSuccession
    /// By index of `old`: index of `new`.
    private(set) var partners: [Int?]
    private(set) var isTaken: [Bool]

    init(_ old: [RecordPlacing], _ new: [RecordPlacing], _ succession: RecordSuccession) {
        self.old = old
        self.new = new
        self.succession = succession
        partners = Array(repeating: nil, count: old.count)
        isTaken = Array(repeating: false, count: new.count)
        for rule in Rule.allCases { pair(by: rule) }
    }

    private enum Rule: CaseIterable { case locator, parents, source }

    private struct Key: Hashable {
        var kind: String
        var locator: [UInt8]?
        var parents: [RecordID] = []
        var source: Digest?
    }

    /// Nil for a record that the rule says nothing of.
    private func key(_ record: RecordPlacing, _ rule: Rule, isOld: Bool) -> Key? {
        var key = Key(kind: record.kind)
        switch rule {
        case .locator:
            guard let locator = record.locator else { return nil }
            key.locator = locator
        case .parents:
            if record.parents.isEmpty { return nil }
            key.parents = isOld ? record.parents.map { succession.successor(of: $0) } : record.parents
        case .source:
            guard let source = record.source else { return nil }
            key.source = isOld ? succession.successor(of: source) : source
        }
        return key
    }

    private mutating func pair(by rule: Rule) {
        var places: [Key: (old: [Int], new: [Int])] = [:]
        for index in old.indices where partners[index] == nil {
            if let key = key(old[index], rule, isOld: true) { places[key, default: ([], [])].old.append(index) }
        }
        for index in new.indices where !isTaken[index] {
            guard let key = key(new[index], rule, isOld: false), places[key] != nil else { continue }
            places[key]?.new.append(index)
        }
        for (old, new) in places.values where !new.isEmpty {
            pair(old.sorted { isBefore(self.old[$0], self.old[$1]) }, new.sorted { isBefore(self.new[$0], self.new[$1]) })
        }
    }

    private func isBefore(_ a: RecordPlacing, _ b: RecordPlacing) -> Bool {
        (a.extent.lowerBound, a.place.shard, a.place.line) < (b.extent.lowerBound, b.place.shard, b.place.line)
    }

    private mutating func join(_ old: Int, _ new: Int) {
        partners[old] = new
        isTaken[new] = true
    }

    /// - Parameters: indices of records in one place, in order.
    private mutating func pair(_ olds: [Int], _ news: [Int]) {
        pairEqual(olds, news) { [$0.text, $0.fields] }
        pairEqual(olds, news) { [$0.text] }
        pairOverlapping(olds, news)
        pairNeighbours(olds, news)
    }

    /// In their order, those of which this is equal. Records without a text are not told apart by it.
    private mutating func pairEqual(_ olds: [Int], _ news: [Int], _ content: (RecordPlacing) -> [Digest]) {
        var waiting: [[Digest]: [Int]] = [:]
        for index in news.reversed() where !isTaken[index] && !new[index].extent.isEmpty {
            waiting[content(new[index]), default: []].append(index)
        }
        for index in olds where partners[index] == nil {
            if let found = waiting[content(old[index])]?.popLast() { join(index, found) }
        }
    }

    private mutating func pairOverlapping(_ olds: [Int], _ news: [Int]) {
        let rest = news.filter { !isTaken[$0] }
        var first = 0
        for index in olds where partners[index] == nil {
            let record = old[index]
            while first < rest.count, new[rest[first]].extent.upperBound <= record.extent.lowerBound || isTaken[rest[first]] {
                first += 1
            }
            guard first < rest.count else { return }
            let candidate = new[rest[first]]
            if candidate.source == record.source, candidate.extent.overlaps(record.extent) { join(index, rest[first]) }
        }
    }

    /// Those that follow the same pair, or none.
    private mutating func pairNeighbours(_ olds: [Int], _ news: [Int]) {
        let olderOf = Dictionary(
            olds.compactMap { old in partners[old].map { ($0, old) } }, uniquingKeysWith: { first, _ in first })
        var waiting: [Int: [Int]] = [:]
        var neighbour = -1
        for index in news {
            if let older = olderOf[index] {
                neighbour = older
            } else if !isTaken[index] {
                waiting[neighbour, default: []].append(index)
            }
        }
        for key in waiting.keys { waiting[key]?.reverse() }
        neighbour = -1
        for index in olds {
            if partners[index] != nil {
                neighbour = index
            } else if let found = waiting[neighbour]?.popLast() {
                join(index, found)
            }
        }
    }
}
