/// Where a text says that it appeared first.
enum Syndication {
    private static let statements = [
        "appeared first", "first appeared", "originally appeared", "originally published", "first published", "was published",
        "republished from", "republished with permission from", "syndicated from",
    ].map { Array($0.utf8) }
    private static let links = [" on ", " in ", " by ", " at ", " from "].map { Array($0.utf8) }

    /// The name in a line like "This post appeared first on example.com"; nil if the line is none.
    static func origin(in line: [UInt8]) -> Range<Int>? {
        // Most lines are told by how they begin.
        guard line.count >= 20, line.count <= 300, "tofrs".utf8.contains(ASCII.lower(line[0])) else { return nil }
        let lower = line.map(ASCII.lower)
        guard
            lower.starts(with: Array("th".utf8)) || lower.starts(with: Array("orig".utf8))
                || lower.starts(with: Array("first".utf8))
                || lower.starts(with: Array("repub".utf8)) || lower.starts(with: Array("synd".utf8))
        else { return nil }
        for statement in statements {
            guard let said = position(of: statement, in: lower, from: 0) else { continue }
            let end = said + statement.count
            if statement.last == UInt8(ascii: "m") { return name(line, from: end + 1) }
            let found = links.compactMap { link in position(of: link, in: lower, from: end).map { $0 + link.count } }.min()
            if let start = found, start - end < 30 { return name(line, from: start) }
        }
        return nil
    }

    private static func name(_ line: [UInt8], from start: Int) -> Range<Int>? {
        guard start < line.count else { return nil }
        var end = line.count
        while end > start, line[end - 1] == UInt8(ascii: ".") || line[end - 1] == 0x20 { end -= 1 }
        // A second sentence is no part of the name.
        var index = start
        while index + 1 < end {
            if line[index] == UInt8(ascii: "."), line[index + 1] == 0x20 { end = index }
            index += 1
        }
        return end - start >= 3 && end - start <= 120 ? start..<end : nil
    }

    private static func position(of part: [UInt8], in line: [UInt8], from start: Int) -> Int? {
        guard line.count >= start + part.count else { return nil }
        return (start...line.count - part.count).first { line[$0..<$0 + part.count].elementsEqual(part) }
    }
}
