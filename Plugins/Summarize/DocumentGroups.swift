import HeadwaterModel
import HeadwaterPluginKit

/// The groups that are each summed up by itself, and which documents belong to them. What belongs where lies on disk, so that
/// a document may be in many groups.
struct DocumentGroups {
    struct Listed {
        /// Names the group among all, whatever others there are.
        var key: String
        var name: String
        var terms: [UInt32] = []
        fileprivate var range: Range<Int>
        var documents: Int
    }

    /// In the order in which they are summed up.
    private(set) var list: [Listed] = []
    private let members: SpooledElements
    private let sketches: Sketches

    init(_ sketches: Sketches, _ request: SummaryRequest) throws {
        self.sketches = sketches
        switch request.grouping {
        case .cluster, .topic:
            (list, members) = try DocumentGroups.byLikeness(sketches, request)
        case .all, .document, .entity, .date:
            (list, members) = try DocumentGroups.byName(sketches, request)
        }
    }

    /// Calls with each document of a group and the partition in which it lies.
    func forEach(in group: Listed, _ body: (DocumentOutline, Int) throws -> Void) throws {
        var open: (partition: Int, outlines: [DocumentOutline])?
        try members.forEach(in: group.range) { element in
            let (partition, index) = DocumentGroups.place(element.value)
            guard (0..<sketches.count).contains(partition) else { throw StageError("the spooled groups are damaged") }
            if open?.partition != partition { open = (partition, try DocumentOutline.decode(try sketches[partition])) }
            guard let outlines = open?.outlines, outlines.indices.contains(index) else {
                throw StageError("the sketch of partition \(partition) changed while groups were formed")
            }
            try body(outlines[index], partition)
        }
    }

    // MARK: By what documents say of themselves

    private static func byName(_ sketches: Sketches, _ request: SummaryRequest) throws -> ([Listed], SpooledElements) {
        var sorter = SpoolSorter()
        for partition in 0..<sketches.count {
            for (index, outline) in try DocumentOutline.decode(try sketches[partition]).enumerated() {
                for name in names(of: outline, request) {
                    try Array(name.utf8).withUnsafeBytes { try sorter.append($0) { write(partition, index, to: &$0) } }
                }
            }
        }
        let members = try sorter.sorted()
        var list: [Listed] = []
        try members.forEach { element in
            let name = String(decoding: element.key, as: UTF8.self)
            if list.last?.name.utf8.elementsEqual(name.utf8) ?? false {
                list[list.count - 1].documents += 1
                list[list.count - 1].range = list[list.count - 1].range.lowerBound..<element.range.upperBound
            } else {
                list.append(
                    Listed(key: "\(request.grouping.rawValue) \(name)", name: name, range: element.range, documents: 1))
                // Only the largest are asked for; of the rest nothing needs to be held.
                if list.count > 4 * request.groups + 1, let last = list.popLast() { list = largest(list, request) + [last] }
            }
        }
        list = largest(list, request)
        if request.grouping == .date { list.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } }
        return (list, members)
    }

    private static func largest(_ list: [Listed], _ request: SummaryRequest) -> [Listed] {
        let sorted = list.sorted { a, b in
            a.documents != b.documents ? a.documents > b.documents : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
        }
        return Array(sorted.prefix(request.groups))
    }

    private static func names(of outline: DocumentOutline, _ request: SummaryRequest) -> Set<String> {
        switch request.grouping {
        case .entity: Set(outline.sentences.flatMap(\.names))
        case .date: [outline.published.isEmpty ? "undated" : String(outline.published.prefix(request.period.length))]
        default: ["all"]
        }
    }

    // MARK: By what they are about

    private static func byLikeness(_ sketches: Sketches, _ request: SummaryRequest) throws -> ([Listed], SpooledElements) {
        var rarity = TermRarity()
        for partition in 0..<sketches.count {
            for outline in try DocumentOutline.decode(try sketches[partition]) { rarity.add(outline) }
        }
        var found: [(document: DocumentClusters.Document, partition: Int, index: Int, title: String)] = []
        for partition in 0..<sketches.count {
            for (index, outline) in try DocumentOutline.decode(try sketches[partition]).enumerated() {
                let document = DocumentClusters.Document(
                    id: outline.id, published: Background.lastDay(of: outline.published),
                    terms: rarity.vector(outline, most: DocumentClusters.mostTerms))
                let title = request.grouping == .cluster ? (outline.title.isEmpty ? outline.locator : outline.title) : ""
                found.append((document, partition, index, title))
            }
        }
        found.sort { ($0.document.id, $0.partition, $0.index) < ($1.document.id, $1.partition, $1.index) }
        let rule = request.grouping == .cluster ? DocumentClusters.Rule.event : .topic
        let clusters = DocumentClusters(found.map(\.document), rule).clusters.prefix(request.groups)
        var sorter = SpoolSorter()
        for (number, cluster) in clusters.enumerated() {
            let places = cluster.documents.map { (found[$0].partition, found[$0].index) }.sorted { $0 < $1 }
            for (partition, index) in places {
                try withUnsafeBytes(of: UInt64(number).bigEndian) { try sorter.append($0) { write(partition, index, to: &$0) } }
            }
        }
        let members = try sorter.sorted()
        var ranges = [Range<Int>?](repeating: nil, count: clusters.count)
        try members.forEach { element in
            let number = Int(truncatingIfNeeded: UInt64(bigEndian: element.key.loadUnaligned(as: UInt64.self)))
            guard ranges.indices.contains(number) else { throw StageError("the spooled clusters are damaged") }
            ranges[number] = (ranges[number]?.lowerBound ?? element.range.lowerBound)..<element.range.upperBound
        }
        let list = zip(clusters, ranges).compactMap { cluster, range -> Listed? in
            let middle = found[cluster.middle]
            return range.map {
                Listed(
                    key: "\(request.grouping.rawValue) \(found[cluster.documents[0]].document.id)", name: middle.title,
                    terms: middle.title.isEmpty ? cluster.terms : [], range: $0, documents: cluster.documents.count)
            }
        }
        return (list, members)
    }

    // MARK: Where a document lies

    private static func write(_ partition: Int, _ index: Int, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: (UInt64(partition), UInt64(index))) { bytes.append(contentsOf: $0) }
    }

    private static func place(_ value: UnsafeRawBufferPointer) -> (partition: Int, index: Int) {
        guard value.count == 16 else { return (-1, -1) }
        return (
            Int(truncatingIfNeeded: value.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            Int(truncatingIfNeeded: value.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }
}
