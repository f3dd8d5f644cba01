/// Bytes of canonical JSON that spell one value.
typealias CanonicalSlice = Slice<UnsafeBufferPointer<UInt8>>

extension CanonicalSlice {
    /// A string without its quotation marks.
    static func inside(_ string: CanonicalSlice) -> CanonicalSlice { string.count < 2 ? string : string.dropFirst().dropLast() }

    /// Where the value ends that begins at `start`; nil if it does not end within these bytes.
    fileprivate func end(ofValueAt start: Int) -> Int? {
        // Read past the slice's own checks: every index is compared with its end here.
        let bytes = base
        let endIndex = endIndex
        var depth = 0
        var index = start
        while index < endIndex {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                while index < endIndex, bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
                guard index < endIndex else { return nil }
                index += 1
                if depth == 0 { return index }
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                index += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if depth == 0 { return index }
                depth -= 1
                index += 1
                if depth == 0 { return index }
            case UInt8(ascii: ","):
                if depth == 0 { return index }
                index += 1
            default: index += 1
            }
        }
        return nil
    }
}

/// The lines of a blob, without their line breaks.
struct LineRanges: Sequence, IteratorProtocol {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func next() -> CanonicalSlice? {
        guard offset < bytes.count else { return nil }
        let start = offset
        offset = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        defer { offset += 1 }
        return bytes[start..<offset]
    }
}

/// The members of a canonical JSON object, each value as the bytes that spell it.
///
/// Ends at whatever is not well formed: nothing is trusted here that is not read again.
struct MemberScanner: Sequence, IteratorProtocol {
    struct Member {
        /// Without its quotation marks; spelled as JSON has it.
        var name: CanonicalSlice
        var value: CanonicalSlice

        /// The value as a string, without its quotation marks.
        var string: CanonicalSlice { .inside(value) }

        func isNamed(_ text: StaticString) -> Bool { MemberScanner.spells(name, text) }
    }

    private let bytes: CanonicalSlice
    private var offset: Int
    private let last: StaticString?

    init(_ object: CanonicalSlice) {
        bytes = object
        offset = object.startIndex + 1
        last = nil
    }

    /// - Parameter last: the member to stop before.
    init(_ object: CanonicalSlice, until last: StaticString?) {
        bytes = object
        offset = object.startIndex + 1
        self.last = last
    }

    mutating func next() -> Member? {
        guard offset < bytes.endIndex, bytes[offset] == UInt8(ascii: "\""), let colon = bytes.end(ofValueAt: offset),
            colon < bytes.endIndex, bytes[colon] == UInt8(ascii: ":")
        else { return nil }
        let name = CanonicalSlice.inside(bytes[offset..<colon])
        if let last, MemberScanner.spells(name, last) { return nil }
        guard let end = bytes.end(ofValueAt: colon + 1), end < bytes.endIndex else { return nil }
        offset = end + 1
        return Member(name: name, value: bytes[colon + 1..<end])
    }

    fileprivate static func spells(_ name: CanonicalSlice, _ text: StaticString) -> Bool {
        name.count == text.utf8CodeUnitCount && text.withUTF8Buffer { $0.elementsEqual(name) }
    }
}

/// The elements of a canonical JSON list.
struct ElementScanner: Sequence, IteratorProtocol {
    private let bytes: CanonicalSlice
    private var offset: Int

    init(_ list: CanonicalSlice) {
        bytes = list
        offset = list.startIndex + 1
    }

    mutating func next() -> CanonicalSlice? {
        guard offset < bytes.endIndex, bytes[offset] != UInt8(ascii: "]"), let end = bytes.end(ofValueAt: offset),
            end < bytes.endIndex
        else { return nil }
        defer { offset = end + 1 }
        return bytes[offset..<end]
    }
}
