import Glibc

/// Finds the members of one JSON object that stands on a line, as byte ranges, without making values of them. It is
/// lenient where a reader may be: names may occur twice (the first counts), and halves of surrogate pairs are let be.
struct JSONFields {
    enum Value: Equatable {
        /// What stands between the quotes.
        case text(Range<Int>)
        /// A number, `true`, `false` or `null`, as written.
        case literal(Range<Int>)
        /// A list or an object.
        case nested(Range<Int>)
    }

    /// Of the names asked for, by their place among them.
    private(set) var values: [Value?]

    /// Why a line is no object, and at which byte.
    struct Fault: Error, Equatable {
        var reason: String
        var offset: Int
    }

    private static let maximumDepth = 512

    /// - Parameter names: without escapes; a name that is written with some is not found.
    init(_ bytes: UnsafeRawBufferPointer, names: [[UInt8]]) throws(Fault) {
        values = Array(repeating: nil, count: names.count)
        var scan = Scan(bytes: bytes)
        scan.space()
        guard scan.take("{") else { throw scan.fault("expected a JSON object") }
        scan.space()
        if scan.take("}") {
            try scan.end()
            return
        }
        while true {
            guard scan.peek == UInt8(ascii: "\"") else { throw scan.fault("expected a member's name") }
            let name = try scan.string()
            scan.space()
            guard scan.take(":") else { throw scan.fault("expected ':'") }
            scan.space()
            let value = try scan.value()
            let text = UnsafeRawBufferPointer(rebasing: bytes[name])
            if let index = names.firstIndex(where: { $0.count == text.count && $0.elementsEqual(text) }), values[index] == nil {
                values[index] = value
            }
            scan.space()
            if scan.take(",") {
                scan.space()
                continue
            }
            guard scan.take("}") else { throw scan.fault("expected ',' or '}'") }
            try scan.end()
            return
        }
    }

    private struct Scan {
        let bytes: UnsafeRawBufferPointer
        var index = 0

        var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

        func fault(_ reason: String) -> Fault { Fault(reason: reason, offset: index) }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard peek == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        mutating func space() {
            while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A { index += 1 }
        }

        mutating func end() throws(Fault) {
            space()
            guard peek == nil else { throw fault("expected the line's end behind the object") }
        }

        /// What stands between the quotes; the scan goes on behind them.
        mutating func string() throws(Fault) -> Range<Int> {
            let start = index
            index += 1
            while let quote = quote(from: index) {
                index = quote + 1
                // A quote behind an odd number of backslashes is part of the string.
                var backslashes = 0
                while quote - backslashes - 1 > start, bytes[quote - backslashes - 1] == UInt8(ascii: "\\") { backslashes += 1 }
                if backslashes % 2 == 0 { return start + 1..<quote }
            }
            index = start
            throw fault("the string that begins here does not end")
        }

        private func quote(from start: Int) -> Int? {
            guard start < bytes.count, let base = bytes.baseAddress,
                let hit = memchr(base + start, Int32(UInt8(ascii: "\"")), bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(hit) - base
        }

        mutating func value() throws(Fault) -> Value {
            let start = index
            switch peek {
            case UInt8(ascii: "\""): return .text(try string())
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                try nested()
                return .nested(start..<index)
            default:
                while let byte = peek, ASCII.isAlphanumeric(byte) || "+-.".utf8.contains(byte) { index += 1 }
                guard index > start else { throw fault("expected a value") }
                return .literal(start..<index)
            }
        }

        /// Passes over a list or an object: only brackets are looked at, and strings, which may hold some.
        private mutating func nested() throws(Fault) {
            var open: [UInt8] = []
            repeat {
                guard let byte = peek else { throw fault("a bracket is not closed") }
                switch byte {
                case UInt8(ascii: "\""):
                    _ = try string()
                    continue
                case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
                case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    guard open.popLast() == byte else { throw fault("a bracket closes that is not open") }
                default: break
                }
                guard open.count <= JSONFields.maximumDepth else {
                    throw fault("more than \(JSONFields.maximumDepth) brackets are open")
                }
                index += 1
            } while !open.isEmpty
        }
    }
}
