import Glibc
import HeadwaterModel

/// Where a source was found, as text that is the same on every machine.
enum Locator {
    /// A relative path as a locator. What is not valid UTF-8, control characters and line separators (so that a locator is
    /// always one line) and `%` itself are percent-encoded; so each path has its own locator, and it can be turned back.
    ///
    /// - Parameter kept: a byte that stays as it is, as `%` does in what is encoded already.
    static func text(_ path: ArraySlice<UInt8>, keeping kept: UInt8? = nil) -> String {
        if isPlain(path) { return String(decoding: path, as: UTF8.self) }
        let path = Array(path)
        var out: [UInt8] = []
        out.reserveCapacity(path.count)
        var index = 0
        while index < path.count {
            switch UTF8Scan.step(path, index) {
            case .valid(1)
            where path[index] < 0x20 || path[index] == 0x7F || (path[index] == UInt8(ascii: "%") && kept != path[index]):
                out += encoded(path[index])
                index += 1
            case .valid(let length):
                let character = path[index..<index + length]
                if endsLine(character) { for byte in character { out += encoded(byte) } } else { out += character }
                index += length
            case .malformed(let length):
                for byte in path[index..<index + length] { out += encoded(byte) }
                index += length
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Whether nothing of a path needs another spelling, told at a glance.
    static func isPlain(_ path: some Sequence<UInt8>) -> Bool {
        path.allSatisfy { 0x20..<0x7F ~= $0 && $0 != UInt8(ascii: "%") }
    }

    /// Whether it is one of the controls U+0080 to U+009F, or Unicode's own separator of lines or paragraphs.
    private static func endsLine(_ character: ArraySlice<UInt8>) -> Bool {
        let start = character.startIndex
        return switch character.count {
        case 2: character[start] == 0xC2 && character[start + 1] < 0xA0
        case 3: character.elementsEqual([0xE2, 0x80, 0xA8]) || character.elementsEqual([0xE2, 0x80, 0xA9])
        default: false
        }
    }

    /// In the order of their bytes. Swift's own order of strings takes canonically equivalent names for equal.
    static func precedes(_ a: String, _ b: String) -> Bool {
        let order = a.utf8.withContiguousStorageIfAvailable { a in
            b.utf8.withContiguousStorageIfAvailable { b in
                ByteOrder.precedes(UnsafeRawBufferPointer(a), UnsafeRawBufferPointer(b))
            }
        }
        return (order ?? nil) ?? a.utf8.lexicographicallyPrecedes(b.utf8)
    }

    private static func encoded(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}

/// The order of byte strings, as `memcmp` has it.
enum ByteOrder {
    static func precedes(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        guard let first = a.baseAddress, let second = b.baseAddress else { return a.count < b.count }
        let order = memcmp(first, second, min(a.count, b.count))
        return order < 0 || (order == 0 && a.count < b.count)
    }

    static func precedes(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.withUnsafeBytes { a in b.withUnsafeBytes { b in precedes(a, b) } }
    }
}
