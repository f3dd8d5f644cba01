/// The name in a line that says who wrote something.
enum Byline {
    /// How such lines begin. Lower case; longest first where one begins another.
    private static let beginnings = [
        "reported by ", "written by ", "posted by ", "published by ", "story by ", "words by ", "words: ", "author: ", "by: ",
        "by ", "by — ",
        "von ", "par ", "por ", "автор: ", "автор ",
    ].map { Array($0.utf8) }

    /// Names that nobody bears.
    private static let nobody = Set(
        [
            "admin", "administrator", "editor", "staff", "webmaster", "author", "user", "guest", "anonymous", "root", "by",
            "unknown",
        ])

    /// Where in `line` the name stands; nil if the line is no byline.
    static func name(in line: [UInt8]) -> Range<Int>? {
        guard line.count <= 300 else { return nil }
        let lower = folded(line)
        // A byline may stand behind a date or a number in the same line.
        var start: Int?
        let isLonger = lower.contains(UInt8(ascii: ":")) || lower.contains(0xD0) || lower.containsLowercased(" by ")
        for beginning in beginnings {
            if lower.starts(with: beginning) { start = beginning.count }
            if start != nil { break }
            if isLonger, beginning.count > 7, let found = position(of: beginning, in: lower) { start = found + beginning.count }
            if start != nil { break }
        }
        guard let start else { return nil }
        return plausible(line, start..<nameEnd(line, from: start))
    }

    /// A field that holds a name, perhaps with "By" before it and a role behind.
    static func cleaned(_ field: [UInt8]) -> Range<Int>? {
        if let range = name(in: field) { return range }
        return plausible(field, 0..<nameEnd(field, from: 0))
    }

    private static func plausible(_ line: [UInt8], _ range: Range<Int>) -> Range<Int>? {
        var range = range
        while let last = line[range].last, last == 0x20 || last == UInt8(ascii: ".") || last == UInt8(ascii: ",") {
            // The full stop of an initial stays.
            if last == UInt8(ascii: "."), range.count >= 3, line[range.upperBound - 3] == 0x20 { break }
            range = range.lowerBound..<range.upperBound - 1
        }
        guard range.count >= 3, range.count <= 100 else { return nil }
        let name = line[range]
        guard !nobody.contains(String(decoding: name, as: UTF8.self).lowercased()), !name.contains(UInt8(ascii: "@")),
            !name.containsLowercased("http"), !name.containsLowercased("www."), !name.contains(UInt8(ascii: "/")),
            name.first.map({ ASCII.isUpper($0) || $0 >= 0xC3 }) ?? false
        else { return nil }
        return range
    }

    /// A name ends at a comma, bar, dash, digit, or a word that begins something else.
    private static func nameEnd(_ line: [UInt8], from start: Int) -> Int {
        var index = start
        while index < line.count {
            let byte = line[index]
            if ASCII.isDigit(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "|") || byte == UInt8(ascii: "(")
                || byte == UInt8(ascii: ";")
            {
                break
            }
            if byte == 0xC2 && index + 1 < line.count && line[index + 1] == 0xB7 { break }
            if byte == 0xE2, index + 2 < line.count, line[index + 1] == 0x80, [0x93, 0x94, 0xA2].contains(line[index + 2]) {
                break
            }
            if byte == 0x20 {
                let rest = line[(index + 1)...].prefix { $0 != 0x20 && $0 != UInt8(ascii: ",") }
                let hash = WordHash.lowercased(rest)
                if ends.contains(hash) || rest.first == UInt8(ascii: "-") { break }
            }
            if byte == UInt8(ascii: "."), index + 1 < line.count, line[index + 1] == 0x20, index - start > 12 { break }
            index += 1
        }
        return index
    }

    private static let ends: Set<UInt64> = {
        var words = Set(
            ["on", "in", "at", "for", "published", "posted", "updated", "from", "via", "senior", "staff", "reporter"].map {
                WordHash.lowercased($0.utf8)
            })
        for names in monthNames { for name in names { words.insert(WordHash.lowercased(name.utf8)) } }
        for day in ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] {
            words.insert(WordHash.lowercased(day.utf8))
        }
        return words
    }()

    /// Lower case, Cyrillic included; the same number of bytes.
    private static func folded(_ line: [UInt8]) -> [UInt8] {
        var out = line.map(ASCII.lower)
        for index in out.indices.dropLast() where out[index] == 0xD0 && (0x90...0x9F).contains(out[index + 1]) {
            out[index + 1] += 0x20
        }
        return out
    }

    private static func position(of part: [UInt8], in line: [UInt8]) -> Int? {
        guard line.count >= part.count else { return nil }
        for start in 0...line.count - part.count where line[start] == part[0] {
            guard line[start..<start + part.count].elementsEqual(part) else { continue }
            if start == 0 || line[start - 1] == 0x20 { return start }
        }
        return nil
    }
}
