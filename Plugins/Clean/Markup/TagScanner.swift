/// Reads one tag after the other (WHATWG HTML, section 13.2.5), each byte once.
///
/// Does not know elements: what a tag means to the tree is `PageTreeBuilder`'s.
struct TagScanner {
    let bytes: UnsafeBufferPointer<UInt8>

    /// One attribute; the value is empty where none is given.
    struct Attribute {
        var name: Range<Int>
        var value: Range<Int>
    }

    /// The end of the tag name that starts at `start`.
    func nameEnd(from start: Int) -> Int {
        var index = start
        while index < bytes.count, !ASCII.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">"),
            bytes[index] != UInt8(ascii: "/")
        {
            index += 1
        }
        return index
    }

    /// The next attribute of the tag, and moves `index` behind it; nil at the end of the tag, `index` being on its `>`
    /// or at the end of the page.
    func nextAttribute(_ index: inout Int) -> Attribute? {
        while index < bytes.count, ASCII.isSpace(bytes[index]) || bytes[index] == UInt8(ascii: "/") { index += 1 }
        guard index < bytes.count, bytes[index] != UInt8(ascii: ">") else { return nil }
        let nameStart = index
        // An equals sign in front belongs to the name.
        index += 1
        while index < bytes.count, !ASCII.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">"),
            bytes[index] != UInt8(ascii: "/"),
            bytes[index] != UInt8(ascii: "=")
        {
            index += 1
        }
        let name = nameStart..<index
        var cursor = index
        while cursor < bytes.count, ASCII.isSpace(bytes[cursor]) { cursor += 1 }
        guard cursor < bytes.count, bytes[cursor] == UInt8(ascii: "=") else { return Attribute(name: name, value: index..<index) }
        cursor += 1
        while cursor < bytes.count, ASCII.isSpace(bytes[cursor]) { cursor += 1 }
        guard cursor < bytes.count else {
            index = cursor
            return Attribute(name: name, value: cursor..<cursor)
        }
        let quote = bytes[cursor]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = cursor + 1
            cursor = start
            while cursor < bytes.count, bytes[cursor] != quote { cursor += 1 }
            index = min(cursor + 1, bytes.count)
            return Attribute(name: name, value: start..<cursor)
        }
        let start = cursor
        while cursor < bytes.count, !ASCII.isSpace(bytes[cursor]), bytes[cursor] != UInt8(ascii: ">") { cursor += 1 }
        index = cursor
        return Attribute(name: name, value: start..<cursor)
    }

    /// One past a comment, declaration or other `<!`, `<?`, `</3` that shows nothing and starts at `start`.
    func commentEnd(from start: Int) -> Int {
        guard matches("<!--", at: start) else {
            var index = start + 1
            while index < bytes.count, bytes[index] != UInt8(ascii: ">") { index += 1 }
            return min(index + 1, bytes.count)
        }
        // `<!-->` and `<!--->` are whole comments.
        if matches("<!-->", at: start) { return start + 5 }
        if matches("<!--->", at: start) { return start + 6 }
        var index = start + 4
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "-"), matches("-->", at: index) { return index + 3 }
            if bytes[index] == UInt8(ascii: "-"), matches("--!>", at: index) { return index + 4 }
            index += 1
        }
        return bytes.count
    }

    /// The text of the CDATA section that starts at `start` (XML 1.0, section 2.7), and one past the section; one that does
    /// not end goes to the end of the page. Nil where there is none.
    func literalSection(at start: Int) -> (text: Range<Int>, end: Int)? {
        guard matches("<![CDATA[", at: start) else { return nil }
        let text = start + 9
        var index = text
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "]"), matches("]]>", at: index) { return (text..<index, index + 3) }
            index += 1
        }
        return (text..<bytes.count, bytes.count)
    }

    /// Where the end tag of a raw text element begins whose content starts at `start`; the end of the page if there is none.
    func rawTextEnd(of name: Range<Int>, from start: Int) -> Int {
        var index = nextTag(from: start)
        while index + 1 < bytes.count {
            if bytes[index + 1] == UInt8(ascii: "/"), closes(name, at: index + 2) { return index }
            index = nextTag(from: index + 1)
        }
        return bytes.count
    }

    /// The next `<`, or the end: eight bytes at a time, of which one is zero after the exclusive or if one is a `<`.
    /// (Warren, "Hacker's Delight", section 6-1.)
    func nextTag(from start: Int) -> Int {
        var index = start
        if let base = bytes.baseAddress {
            while index + 8 <= bytes.count {
                let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self) ^ 0x3C3C_3C3C_3C3C_3C3C
                if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 != 0 { break }
                index += 8
            }
        }
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
        return min(index, bytes.count)
    }

    private func closes(_ name: Range<Int>, at start: Int) -> Bool {
        guard start + name.count <= bytes.count else { return false }
        for offset in 0..<name.count where ASCII.lower(bytes[name.lowerBound + offset]) != ASCII.lower(bytes[start + offset]) {
            return false
        }
        guard start + name.count < bytes.count else { return true }
        let next = bytes[start + name.count]
        return ASCII.isSpace(next) || next == UInt8(ascii: ">") || next == UInt8(ascii: "/")
    }

    private func matches(_ text: StaticString, at start: Int) -> Bool {
        guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
        for offset in 0..<text.utf8CodeUnitCount where bytes[start + offset] != text.utf8Start[offset] { return false }
        return true
    }
}
