public import HeadwaterModel

/// Writes the compact bytes of a sketch, a verdict or a slice: a format name, a version, then numbers and texts.
///
/// Numbers are LEB128 (DWARF 5, section 7.6); counts precede what they count, so that `list` writes how many there are and
/// then each. `PackedReader` reads it back.
public struct PackedWriter {
    public private(set) var bytes: [UInt8] = []

    /// - Parameter format: a few ASCII letters that name what the bytes are, so that others are refused.
    public init(format: StaticString, version: UInt8) {
        bytes = format.withUTF8Buffer { Array($0) }
        bytes.append(version)
    }

    /// Seven bits a byte, the lowest first; a set high bit says that more follow.
    public mutating func unsigned(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A number that is never negative: a count, a length, an index.
    public mutating func count(_ value: Int) { unsigned(UInt64(max(0, value))) }

    public mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }

    /// Four bytes, the lowest first: for values that are evenly spread, where LEB128 would take five.
    public mutating func word(_ value: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    public mutating func raw(_ value: some Sequence<UInt8>) { bytes.append(contentsOf: value) }

    public mutating func id(_ value: RecordID) { raw(value.bytes) }

    public mutating func text(_ value: String) {
        count(value.utf8.count)
        raw(value.utf8)
    }

    /// How many elements there are, and then each as `write` has it.
    @inlinable public mutating func list<Elements: Collection>(
        _ elements: Elements, _ write: (inout PackedWriter, Elements.Element) -> Void
    ) {
        count(elements.count)
        for element in elements { write(&self, element) }
    }

    /// The bytes of one list and nothing else.
    @inlinable public static func list<Elements: Collection>(
        _ elements: Elements, format: StaticString, version: UInt8,
        _ write: (inout PackedWriter, Elements.Element) -> Void
    ) -> [UInt8] {
        var writer = PackedWriter(format: format, version: version)
        writer.list(elements, write)
        return writer.bytes
    }
}

/// Reads what `PackedWriter` wrote. Bytes that are cut short, too long or of another format are an error; they never
/// make it read outside itself or allocate more than they could hold.
public struct PackedReader {
    private let bytes: [UInt8]
    private var offset = 0
    private let format: String

    /// - Throws: `StageError` if the bytes do not begin with this format's name and version.
    public init(_ bytes: [UInt8], format: StaticString, version: UInt8) throws {
        self.bytes = bytes
        self.format = format.description
        let head = format.withUTF8Buffer { Array($0) } + [version]
        guard bytes.starts(with: head) else { throw StageError("these bytes are not \(format), version \(version)") }
        offset = head.count
    }

    public var isAtEnd: Bool { offset == bytes.count }

    /// - Throws: `StageError` if anything follows.
    public func end() throws {
        guard isAtEnd else { throw damage("\(bytes.count - offset) bytes too many") }
    }

    public mutating func unsigned() throws -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            let part = UInt64(byte & 0x7F)
            guard shift < 63 || (shift == 63 && part <= 1) else { throw damage("a number too large") }
            value |= part << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    /// A count, a length or an index that is below 2^53, so that adding a few never overflows.
    public mutating func count() throws -> Int {
        let value = try unsigned()
        guard value <= UInt64(JSON.largestInteger) else { throw damage("the count \(value)") }
        return Int(value)
    }

    /// How many elements follow, of which each takes at least `size` bytes.
    public mutating func elements(ofAtLeast size: Int) throws -> Int {
        let value = try count()
        guard value <= (bytes.count - offset) / max(1, size) else { throw damage("\(value) elements where none fit") }
        return value
    }

    public mutating func flag() throws -> Bool {
        let byte = try byte()
        guard byte < 2 else { throw damage("the flag \(byte)") }
        return byte == 1
    }

    public mutating func word() throws -> UInt32 {
        var value: UInt32 = 0
        for shift in stride(from: UInt32(0), to: 32, by: 8) { value |= UInt32(try byte()) << shift }
        return value
    }

    public mutating func raw(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - offset else { throw damage("only \(bytes.count - offset) of \(count) bytes") }
        offset += count
        return bytes[offset - count..<offset]
    }

    public mutating func id() throws -> RecordID {
        guard let id = RecordID(bytes: try raw(RecordID.byteCount)) else { throw damage("no record id") }
        return id
    }

    public mutating func text() throws -> String {
        let length = try elements(ofAtLeast: 1)
        guard let text = String(validating: try raw(length), as: UTF8.self) else { throw damage("a text that is not UTF-8") }
        return text
    }

    /// The elements of a list, of which each takes at least `size` bytes.
    @inlinable public mutating func list<Element>(
        ofAtLeast size: Int, _ read: (inout PackedReader) throws -> Element
    ) throws -> [Element] {
        var out: [Element] = []
        for _ in 0..<(try elements(ofAtLeast: size)) { out.append(try read(&self)) }
        return out
    }

    /// Reads bytes that are one list and nothing else, an element at a time.
    ///
    /// - Parameter size: how many bytes an element takes at least.
    @inlinable public static func forEach(
        of bytes: [UInt8], format: StaticString, version: UInt8, ofAtLeast size: Int,
        _ body: (inout PackedReader) throws -> Void
    ) throws {
        var reader = try PackedReader(bytes, format: format, version: version)
        for _ in 0..<(try reader.elements(ofAtLeast: size)) { try body(&reader) }
        try reader.end()
    }

    /// The same, as a list.
    @inlinable public static func list<Element>(
        of bytes: [UInt8], format: StaticString, version: UInt8, ofAtLeast size: Int,
        _ read: (inout PackedReader) throws -> Element
    ) throws -> [Element] {
        var out: [Element] = []
        try forEach(of: bytes, format: format, version: version, ofAtLeast: size) { out.append(try read(&$0)) }
        return out
    }

    private mutating func byte() throws -> UInt8 {
        guard offset < bytes.count else { throw damage("no more bytes") }
        offset += 1
        return bytes[offset - 1]
    }

    private func damage(_ found: String) -> StageError {
        StageError("\(format) bytes are damaged: \(found) at byte \(offset)")
    }
}
