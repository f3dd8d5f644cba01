/// Reads JSON (RFC 8259) from bytes, one value at a time, so that a record is read without building a tree first.
///
/// Strict: invalid UTF-8, lone surrogates, repeated names and anything after the value are errors. Nesting is
/// limited, so that no input can exhaust the stack.
public struct JSONReader {
    private let bytes: [UInt8]
    public private(set) var offset: Int
    private let limit: Int
    private var depth: Int

    public static let maximumDepth = 256

    public init(_ bytes: [UInt8]) { self.init(bytes, in: 0..<bytes.count) }

    /// Reads only the given range, offsets counting from the start of `bytes`: one line of many.
    ///
    /// - Parameter depth: how many objects and lists lie around the range.
    public init(_ bytes: [UInt8], in range: Range<Int>, depth: Int = 0) {
        self.bytes = bytes
        self.depth = depth
        offset = range.lowerBound
        limit = range.upperBound
    }

    public mutating func value() throws(JSONError) -> JSON {
        switch try peek() {
        case UInt8(ascii: "{"):
            var members: [String: JSON] = [:]
            try object { reader, key throws(JSONError) in
                let start = reader.offset
                if members.updateValue(try reader.value(), forKey: key) != nil {
                    throw JSONError("the name \"\(key)\" occurs twice in one object", at: start)
                }
            }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSON] = []
            try array { reader throws(JSONError) in elements.append(try reader.value()) }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    /// Calls `member` with each name; it must read the member's value.
    public mutating func object(_ member: (inout JSONReader, String) throws(JSONError) -> Void) throws(JSONError) {
        try enter(UInt8(ascii: "{"), "an object")
        defer { depth -= 1 }
        if try peek() == UInt8(ascii: "}") { return advance() }
        while true {
            guard try peek() == UInt8(ascii: "\"") else { throw JSONError("expected a member's name", at: offset) }
            let name = try string()
            guard try peek() == UInt8(ascii: ":") else { throw JSONError("expected ':'", at: offset) }
            advance()
            try member(&self, name)
            switch try peek() {
            case UInt8(ascii: ","): advance()
            case UInt8(ascii: "}"): return advance()
            default: throw JSONError("expected ',' or '}'", at: offset)
            }
        }
    }

    /// Calls `element` at each element; it must read it.
    public mutating func array(_ element: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        try enter(UInt8(ascii: "["), "a list")
        defer { depth -= 1 }
        if try peek() == UInt8(ascii: "]") { return advance() }
        while true {
            try element(&self)
            switch try peek() {
            case UInt8(ascii: ","): advance()
            case UInt8(ascii: "]"): return advance()
            default: throw JSONError("expected ',' or ']'", at: offset)
            }
        }
    }

    public mutating func integer() throws(JSONError) -> Int {
        let start = offset
        guard case .integer(let value) = try number() else { throw JSONError("expected an integer", at: start) }
        return value
    }

    public mutating func string() throws(JSONError) -> String {
        let start = offset
        guard let text = String(validating: try stringBytes(), as: UTF8.self) else {
            throw JSONError("the string is not valid UTF-8", at: start)
        }
        return text
    }

    /// A string's bytes, escapes resolved; not checked to be valid UTF-8.
    public mutating func stringBytes() throws(JSONError) -> [UInt8] {
        guard try peek() == UInt8(ascii: "\"") else { throw JSONError("expected a string", at: offset) }
        advance()
        var out: [UInt8] = []
        var run = offset
        while offset < limit {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                out.append(contentsOf: bytes[run..<offset])
                advance()
                return out
            }
            if byte < 0x20 { throw JSONError("a control character must be escaped in a string", at: offset) }
            if byte == UInt8(ascii: "\\") {
                out.append(contentsOf: bytes[run..<offset])
                try escape(into: &out)
                run = offset
            } else {
                offset += 1
            }
        }
        throw JSONError("the string does not end", at: offset)
    }

    /// Passes over spaces and fails if anything follows.
    public mutating func end() throws(JSONError) {
        skipSpace()
        if offset != limit { throw JSONError("expected nothing after the value", at: offset) }
    }

    private mutating func escape(into out: inout [UInt8]) throws(JSONError) {
        let start = offset
        guard offset + 1 < limit else { throw JSONError("the string does not end", at: offset) }
        let letter = bytes[offset + 1]
        offset += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(letter)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexUnit()
            if 0xD800..<0xDC00 ~= code, offset + 1 < limit, bytes[offset] == UInt8(ascii: "\\"),
                bytes[offset + 1] == UInt8(ascii: "u")
            {
                offset += 2
                let low = try hexUnit()
                guard 0xDC00..<0xE000 ~= low else { throw JSONError("half of a surrogate pair stands alone", at: start) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw JSONError("half of a surrogate pair stands alone", at: start)
            }
            out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default: throw JSONError("unknown escape in a string", at: start)
        }
    }

    private mutating func hexUnit() throws(JSONError) -> UInt32 {
        guard offset + 4 <= limit else { throw JSONError("expected four hex digits", at: offset) }
        var code: UInt32 = 0
        for byte in bytes[offset..<offset + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw JSONError("expected four hex digits", at: offset)
            }
            code = code << 4 | UInt32(digit)
        }
        offset += 4
        return code
    }

    private mutating func number() throws(JSONError) -> JSON {
        _ = try peek()
        let start = offset
        func isDigit(_ at: Int) -> Bool { at < limit && UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[at] }
        var whole = true
        if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        guard isDigit(offset) else { throw JSONError("expected a value", at: start) }
        if bytes[offset] == UInt8(ascii: "0") && isDigit(offset + 1) {
            throw JSONError("a number does not start with 0", at: start)
        }
        while isDigit(offset) { offset += 1 }
        if offset < limit, bytes[offset] == UInt8(ascii: ".") {
            whole = false
            offset += 1
            guard isDigit(offset) else { throw JSONError("expected a digit after the decimal point", at: offset) }
            while isDigit(offset) { offset += 1 }
        }
        if offset < limit, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            whole = false
            offset += 1
            if offset < limit, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") { offset += 1 }
            guard isDigit(offset) else { throw JSONError("expected a digit in the exponent", at: offset) }
            while isDigit(offset) { offset += 1 }
        }
        // Eighteen digits always fit.
        if whole, offset - start <= 18 {
            let isNegative = bytes[start] == UInt8(ascii: "-")
            var value = 0
            for index in (isNegative ? start + 1 : start)..<offset { value = value * 10 + Int(bytes[index] - UInt8(ascii: "0")) }
            return .integer(isNegative ? -value : value)
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if whole {
            if let integer = Int(text) { return .integer(integer) }
            // Decimals up to 1e21 are written without an exponent; only what would be written so again is one.
            if let decimal = Double(text), CanonicalNumber.text(decimal) == text { return .decimal(decimal) }
            throw JSONError("the integer does not fit into 64 bits", at: start)
        }
        guard let decimal = Double(text), decimal.isFinite else { throw JSONError("the number is too large", at: start) }
        return .decimal(decimal)
    }

    private mutating func literal(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let end = offset + text.utf8CodeUnitCount
        let matches = text.withUTF8Buffer { end <= limit && bytes[offset..<end].elementsEqual($0) }
        guard matches else { throw JSONError("expected \(text)", at: offset) }
        offset = end
        return value
    }

    private mutating func enter(_ bracket: UInt8, _ what: String) throws(JSONError) {
        guard try peek() == bracket else { throw JSONError("expected \(what)", at: offset) }
        advance()
        depth += 1
        if depth > JSONReader.maximumDepth {
            throw JSONError("nested deeper than \(JSONReader.maximumDepth)", at: offset)
        }
    }

    /// The next byte that is no space; it stays unread.
    private mutating func peek() throws(JSONError) -> UInt8 {
        skipSpace()
        guard offset < limit else { throw JSONError("the text ends too soon", at: offset) }
        return bytes[offset]
    }

    private mutating func skipSpace() {
        while offset < limit, bytes[offset] == 0x20 || bytes[offset] == 0x0A || bytes[offset] == 0x0D || bytes[offset] == 0x09 {
            offset += 1
        }
    }

    private mutating func advance() { offset += 1 }
}
