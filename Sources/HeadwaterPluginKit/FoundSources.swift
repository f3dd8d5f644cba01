import HeadwaterModel

/// The sources that a stage found, in the order of their locators: any number of them, in little memory.
public struct FoundSources: Sendable {
    /// By their locators' bytes; what the values mean is known here alone.
    package let elements: SpooledElements
    /// The files that hold members, by their numbers.
    private let files: SpooledBytes
    private let fileRanges: [Range<Int>]
    public let count: Int

    /// - Parameter sources: in any order, no locator twice.
    /// - Throws: `StageError` if there is no room to keep them.
    public init(_ sources: some Sequence<FoundSource>) throws {
        var list = FoundSourceList()
        for source in sources { try list.append(source) }
        self = try list.sorted()
    }

    init(_ elements: SpooledElements, count: Int, files: SpooledBytes, _ fileRanges: [Range<Int>]) {
        self.elements = elements
        self.count = count
        self.files = files
        self.fileRanges = fileRanges
    }

    /// Calls with one after the other.
    public func forEach(_ body: (FoundSource) throws -> Void) throws { try forEach(in: elements.range, body) }

    /// Those in a part of `elements`.
    package func sources(in part: Range<Int>) throws -> [FoundSource] {
        var out: [FoundSource] = []
        try forEach(in: part) { out.append($0) }
        return out
    }

    /// About how many bytes a source has.
    package static func size(_ element: SpooledElements.Element) throws -> Int {
        var reader = StoredPlaceReader(element.value)
        return try reader.head().size
    }

    /// The path of a source that is a file.
    package static func path(_ element: SpooledElements.Element) throws -> UnsafeRawBufferPointer? {
        var reader = StoredPlaceReader(element.value)
        guard try reader.head().kind == .file else { return nil }
        _ = try reader.stamp()
        return reader.rest
    }

    private func forEach(in part: Range<Int>, _ body: (FoundSource) throws -> Void) throws {
        var known = Known()
        try elements.forEach(in: part) { element in
            let locator = String(decoding: element.key, as: UTF8.self)
            var reader = StoredPlaceReader(element.value)
            let (kind, size) = try reader.head()
            let place: FoundSource.Place
            switch kind {
            case .file:
                let stamp = try reader.stamp()
                place = .file(path: Array(reader.rest), stamp: stamp)
            case .request: place = .request(url: String(decoding: reader.rest, as: UTF8.self))
            case .member:
                let file = try known.file(try reader.number(), file)
                let number = try reader.number()
                let layers = try reader.layers()
                place = .member(Member(of: file, number: number, layers: layers, facts: try known.facts(reader.rest)))
            }
            try body(FoundSource(locator: locator, place: place, size: size))
        }
    }

    /// A file that holds members.
    package func file(_ number: Int) throws -> MemberFile {
        guard fileRanges.indices.contains(number) else { throw SpooledBytes.damage }
        let bytes = try files.read(fileRanges[number])
        return try bytes.withUnsafeBytes { bytes in
            var reader = StoredPlaceReader(bytes)
            return try reader.memberFile()
        }
    }

    /// What many members share: read once while they come one after the other, so that they share it again.
    private struct Known {
        private var last: (number: Int, file: MemberFile)?
        private var lastFacts: (bytes: [UInt8], facts: [String: String]) = ([], [:])

        mutating func file(_ number: Int, _ read: (Int) throws -> MemberFile) throws -> MemberFile {
            if let last, last.number == number { return last.file }
            let file = try read(number)
            last = (number, file)
            return file
        }

        mutating func facts(_ bytes: UnsafeRawBufferPointer) throws -> [String: String] {
            if !bytes.elementsEqual(lastFacts.bytes) {
                var reader = StoredPlaceReader(bytes)
                lastFacts = (Array(bytes), try reader.facts())
            }
            return lastFacts.facts
        }
    }
}

/// Takes up sources as they are found, and puts them in order.
public struct FoundSourceList {
    private var sorter = SpoolSorter()
    private let files = SpooledBytes()
    private var fileRanges: [Range<Int>] = []
    private var lastFile: (file: MemberFile, number: Int)?

    public init() {}

    public var count: Int { sorter.count }

    /// What the source has of `known` is not kept: that is found out when the source is asked for.
    ///
    /// - Throws: `StageError` if there is no room.
    public mutating func append(_ source: FoundSource) throws {
        if case .member(let member) = source.place, lastFile?.file !== member.file {
            fileRanges.append(try files.append(StoredPlace.bytes(of: member.file)))
            lastFile = (member.file, fileRanges.count - 1)
        }
        let number = lastFile?.number ?? 0
        var locator = source.locator
        try locator.withUTF8 { text in
            try sorter.append(UnsafeRawBufferPointer(text)) {
                StoredPlace.write(source.place, size: source.size, file: number, &$0)
            }
        }
    }

    /// A file, by its locator's bytes.
    package mutating func append(locator: UnsafeRawBufferPointer, path: UnsafeRawBufferPointer, _ stamp: FileStamp) throws {
        try sorter.append(locator) { StoredPlace.write(path, stamp, size: stamp.size, &$0) }
    }

    /// - Throws: `StageError` if there is no room.
    public consuming func sorted() throws -> FoundSources {
        let (count, files, ranges) = (count, files, fileRanges)
        return FoundSources(try sorter.sorted(), count: count, files: files, ranges)
    }
}
