/// Writes canonical JSON (RFC 8785) straight into bytes: no spaces, members in the order of their UTF-16 code units.
///
/// `object` and `array` write the punctuation; the caller gives a fixed object's members in canonical order itself.
public struct JSONWriter {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init() {}

    /// Writes behind bytes that are there already; they are the caller's affair.
    public init(behind bytes: consuming [UInt8]) { self.bytes = bytes }

    public mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

    public mutating func value(_ value: JSON) {
        switch value {
        case .null: literal("null")
        case .bool(let bool): literal(bool ? "true" : "false")
        case .integer(let integer): self.integer(integer)
        case .decimal(let decimal): literal(CanonicalNumber.text(decimal))
        case .string(let string): self.string(string)
        case .array(let elements):
            array { for element in elements { $0.value(element) } }
        case .object(let members):
            object {
                for (key, member) in members.sorted(by: { JSONWriter.precedes($0.key, $1.key) }) {
                    $0.key(key)
                    $0.value(member)
                }
            }
        }
    }

    public mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try bracketed(open: UInt8(ascii: "{"), close: UInt8(ascii: "}"), body)
    }

    public mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try bracketed(open: UInt8(ascii: "["), close: UInt8(ascii: "]"), body)
    }

    private mutating func bracketed(open: UInt8, close: UInt8, _ body: (inout JSONWriter) throws -> Void) rethrows {
        separate()
        bytes.append(open)
        needsComma = false
        try body(&self)
        bytes.append(close)
        needsComma = true
    }

    /// A member's name; the member's value is the next thing written.
    public mutating func key(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func integer(_ value: Int) {
        separate()
        if value >= 0 && value < 10 {
            bytes.append(UInt8(ascii: "0") + UInt8(value))
            return
        }
        var magnitude = value.magnitude
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        while magnitude > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(magnitude % 10))
            magnitude /= 10
        }
        bytes[start...].reverse()
    }

    public mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    public mutating func string(_ value: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { escape($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A string whose bytes are known to be valid UTF-8.
    public mutating func string(utf8 value: [UInt8]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        value.withUnsafeBufferPointer { escape($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A digest as it is printed.
    public mutating func digest(_ value: Digest) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: Digest.prefix.utf8)
        value.withBytes { Hex.append($0, to: &bytes) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Copies what needs no escape in whole runs: text is nearly all of it.
    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        guard let base = text.baseAddress else { return }
        var run = 0
        var index = 0
        while index < text.count {
            if index + 8 <= text.count {
                let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
                if !JSONWriter.mayNeedEscape(word) {
                    index += 8
                    continue
                }
            }
            let byte = text[index]
            if byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
                index += 1
                continue
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[run..<index]))
            switch byte {
            case 0x08: bytes.append(contentsOf: "\\b".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0C: bytes.append(contentsOf: "\\f".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            default: bytes.append(contentsOf: ("\\u00" + Hex.encode([byte])).utf8)
            }
            index += 1
            run = index
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[run..<text.count]))
    }

    /// Whether one of eight bytes is a control, a quotation mark or a backslash. (Bit tricks after Warren, "Hacker's
    /// Delight", 6-1: a borrow may make it say so of bytes that need none, never the other way.)
    package static func mayNeedEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
        let controls = (word &- ones &* 0x20) & ~word
        return (controls | zeros(word ^ ones &* 0x22) | zeros(word ^ ones &* 0x5C)) & (ones &* 0x80) != 0
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// RFC 8785 section 3.2.3: names are ordered by their UTF-16 code units. That is the order of their UTF-8 bytes, but
    /// for characters beyond U+FFFF (in UTF-8 from 0xF0 on), whose surrogates come before U+E000 to U+FFFF (0xEE, 0xEF).
    static func precedes(_ a: String, _ b: String) -> Bool {
        func rank(_ byte: UInt8) -> Int { byte == 0xEE || byte == 0xEF ? Int(byte) + 0x10 : Int(byte) }
        let order = a.utf8.withContiguousStorageIfAvailable { a in
            b.utf8.withContiguousStorageIfAvailable { b in
                a.lexicographicallyPrecedes(b) { rank($0) < rank($1) }
            }
        }
        return (order ?? nil) ?? a.utf16.lexicographicallyPrecedes(b.utf16)
    }
}
