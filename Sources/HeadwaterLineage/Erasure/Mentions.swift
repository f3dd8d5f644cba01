import HeadwaterModel

/// What stored bytes speak of: digests, ids of records, and texts that may be locators.
enum Mentions {
    enum Name: Hashable {
        case blob(Digest)
        case record(RecordID)
    }

    /// Calls with every digest and every record's id that stands in the bytes as hex digits, until `body` returns false.
    ///
    /// Every run of 64 or 40 lower-case hex digits counts, whatever surrounds it: documents of all schemas, lines of records,
    /// logs and published files are read alike.
    static func forEachName(in bytes: UnsafeRawBufferPointer, _ body: (Name) throws -> Bool) rethrows {
        var start = 0
        for index in 0...bytes.count {
            if index < bytes.count, isDigit(bytes[index]) { continue }
            let count = index - start
            if count == 2 * Digest.byteCount || count == 2 * RecordID.byteCount,
                let name = name(UnsafeRawBufferPointer(rebasing: bytes[start..<index])), try !body(name)
            {
                return
            }
            start = index + 1
        }
    }

    private static func name(_ digits: UnsafeRawBufferPointer) -> Name? {
        guard let bytes = Hex.decode(digits) else { return nil }
        return Digest(bytes: bytes).map { .blob($0) } ?? RecordID(bytes: bytes).map { .record($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }

    /// As long as a path may be on Linux, with all of its bytes escaped.
    private static let longestText = 3 * 4096

    /// Calls with every text that stands between quotation marks, as JSON spells it, and, in bytes that are no JSON, with
    /// every word between spaces, brackets and line ends.
    static func forEachText(in bytes: UnsafeRawBufferPointer, _ body: (String) throws -> Void) rethrows {
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\"") else {
                index += 1
                continue
            }
            let start = index + 1
            index = start
            var isEscaped = false
            while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                if bytes[index] == UInt8(ascii: "\\") {
                    isEscaped = true
                    index += 1
                }
                index += 1
            }
            let end = min(index, bytes.count)
            index += 1
            guard start < end, end - start <= longestText else { continue }
            if !isEscaped {
                try body(String(decoding: bytes[start..<end], as: UTF8.self))
            } else if let text = try? JSON(parsing: [UInt8(ascii: "\"")] + bytes[start..<end] + [UInt8(ascii: "\"")]).string {
                try body(text)
            }
        }
        if let first = bytes.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return }
        for word in bytes.split(whereSeparator: { separators.contains($0) }) where word.count <= longestText {
            try body(String(decoding: word, as: UTF8.self))
        }
    }

    private static let separators = Set("\0\t\n\r \"'()<>[]{},;|`".utf8)
}
