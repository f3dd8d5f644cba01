/// Reads canonical JSON of a known form straight from its bytes, without a tree.
///
/// It goes by what is written for that form, byte by byte, so that whatever it takes is canonical. It gives up on everything
/// else, and on strings with escapes, which are rare: then a reader of JSON values takes over, which knows all of it and has
/// words for what is wrong.
package struct CanonicalScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0

    package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    package var isAtEnd: Bool { offset == bytes.count }

    /// Passes over exactly this text; stays where it is if something else stands there.
    package mutating func skip(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            guard bytes.count - offset >= text.count else { return false }
            for index in 0..<text.count where bytes[offset + index] != text[index] { return false }
            offset += text.count
            return true
        }
    }

    /// A string without escapes, its quotation marks included.
    package mutating func string() -> String? {
        guard let base = bytes.baseAddress, skip("\"") else { return nil }
        let start = offset
        while offset < bytes.count {
            if bytes.count - offset >= 8,
                !JSONWriter.mayNeedEscape(UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self))
            {
                offset += 8
                continue
            }
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                offset += 1
                return String(validating: UnsafeBufferPointer(rebasing: bytes[start..<offset - 1]), as: UTF8.self)
            }
            guard byte >= 0x20, byte != UInt8(ascii: "\\") else { return nil }
            offset += 1
        }
        return nil
    }

    /// A digest as it is printed, its quotation marks included.
    package mutating func digest() -> Digest? {
        guard skip("\"sha256:"), bytes.count - offset > 2 * Digest.byteCount, let w0 = word(), let w1 = word(), let w2 = word(),
            let w3 = word(), skip("\"")
        else { return nil }
        return Digest(w0: w0, w1: w1, w2: w2, w3: w3)
    }

    /// Sixteen hex digits, which must be there.
    private mutating func word() -> UInt64? {
        var word: UInt64 = 0
        for byte in bytes[offset..<offset + 16] {
            guard let digit = Hex.value(byte) else { return nil }
            word = word << 4 | UInt64(digit)
        }
        offset += 16
        return word
    }

    /// An object of numbers of things, its names in order.
    package mutating func counts() -> [String: Int]? {
        guard skip("{") else { return nil }
        var counts: [String: Int] = [:]
        if skip("}") { return counts }
        var last: String?
        repeat {
            guard let name = string(), last.map({ JSONWriter.precedes($0, name) }) ?? true, skip(":"), let count = count(),
                counts.updateValue(count, forKey: name) == nil
            else { return nil }
            last = name
        } while skip(",")
        return skip("}") ? counts : nil
    }

    /// A number of things: not negative, and exact in every reader of JSON.
    package mutating func count() -> Int? {
        let start = offset
        var value = 0
        // Sixteen digits fit, and a seventeenth is too many.
        while offset < bytes.count, offset - start < 17, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[offset] {
            value = value * 10 + Int(bytes[offset] - UInt8(ascii: "0"))
            offset += 1
        }
        guard offset > start, bytes[start] != UInt8(ascii: "0") || offset == start + 1, value <= StoredDocument.largestCount
        else { return nil }
        return value
    }
}
