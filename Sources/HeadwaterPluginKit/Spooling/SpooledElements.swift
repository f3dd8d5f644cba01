/// Keys, each with what belongs to it, one behind the other: two lengths of four bytes, the key, the value.
package struct SpooledElements: Sendable {
    package let bytes: SpooledBytes
    /// Where in `bytes` they lie.
    package let range: Range<Int>

    static let header = 8

    /// One of them; its bytes are there only while it is handed over.
    package struct Element {
        package let key: UnsafeRawBufferPointer
        package let value: UnsafeRawBufferPointer
        /// Where all of it lies.
        package let range: Range<Int>
    }

    /// Calls with the elements of a part, in order; the part begins and ends where elements do.
    package func forEach(in part: Range<Int>? = nil, _ body: (Element) throws -> Void) throws {
        var reader = SpoolReader(bytes, part ?? range)
        while let element = try reader.next() { try reader.withBytes(of: element, body) }
    }
}

/// Reads elements one after the other, some at a time.
struct SpoolReader {
    private let bytes: SpooledBytes
    private let end: Int
    /// Where the next element begins.
    private var position: Int
    /// What was read, and from where on.
    private var window: [UInt8] = []
    private var start = 0
    private let windowSize: Int

    /// An element by its place.
    struct Place {
        let start: Int
        let keyCount: Int
        let valueCount: Int

        var end: Int { start + SpooledElements.header + keyCount + valueCount }
    }

    init(_ bytes: SpooledBytes, _ range: Range<Int>, window: Int = 256 << 10) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
        windowSize = window
    }

    /// Nil at the end. What it was called for before is forgotten.
    mutating func next() throws -> Place? {
        guard position < end else { return nil }
        try fill(SpooledElements.header)
        let (keyCount, valueCount) = window.withUnsafeBytes { window in
            (
                window.loadUnaligned(fromByteOffset: position - start, as: UInt32.self),
                window.loadUnaligned(fromByteOffset: position - start + 4, as: UInt32.self)
            )
        }
        let place = Place(start: position, keyCount: Int(keyCount), valueCount: Int(valueCount))
        try fill(place.end - place.start)
        position = place.end
        return place
    }

    /// - Parameter place: the one that `next` gave last.
    func withBytes<Result>(of place: Place, _ body: (SpooledElements.Element) throws -> Result) rethrows -> Result {
        try window.withUnsafeBytes { window in
            let key = place.start - start + SpooledElements.header
            let value = key + place.keyCount
            return try body(
                SpooledElements.Element(
                    key: UnsafeRawBufferPointer(rebasing: window[key..<value]),
                    value: UnsafeRawBufferPointer(rebasing: window[value..<value + place.valueCount]),
                    range: place.start..<place.end))
        }
    }

    /// Has so many bytes from the next element on in the window.
    private mutating func fill(_ count: Int) throws {
        if position >= start, position + count <= start + window.count { return }
        window = try bytes.read(position..<min(end, position + max(count, windowSize)))
        start = position
        guard window.count >= count else { throw SpooledBytes.damage }
    }
}
