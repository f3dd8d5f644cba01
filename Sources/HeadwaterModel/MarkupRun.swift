/// Bytes of a page that show nothing: white space, tags and comments.
public enum MarkupRun {
    /// Whether all of `bytes` is white space (a reference to a space included), whole tags and whole comments, and
    /// there is at least one byte.
    public static func spans(_ bytes: [UInt8]) -> Bool {
        var index = 0
        while index < bytes.count {
            let next = end(bytes, from: index)
            if next == index { return false }
            index = next
        }
        return !bytes.isEmpty
    }

    /// The end of the white space, tag or comment at `index`; `index` itself if there is none.
    public static func end(_ bytes: [UInt8], from index: Int) -> Int {
        guard index < bytes.count else { return index }
        let space = WhiteSpace.end(bytes, from: index)
        if space > index { return space }
        if let reference = CharacterReferences.match(in: bytes, at: index),
            WhiteSpace.length(reference.text, 0) == reference.text.count
        {
            return index + reference.length
        }
        guard bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count else { return index }
        if bytes[index...].starts(with: "<!--".utf8) { return commentEnd(bytes, from: index) ?? index }
        switch bytes[index + 1] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "/"), UInt8(ascii: "!"),
            UInt8(ascii: "?"):
            return tagEnd(bytes, from: index) ?? index
        default: return index
        }
    }

    private static func commentEnd(_ bytes: [UInt8], from index: Int) -> Int? {
        var cursor = index + 4
        while cursor + 2 < bytes.count {
            if bytes[cursor...].starts(with: "-->".utf8) { return cursor + 3 }
            cursor += 1
        }
        return nil
    }

    /// A `>` inside a quoted attribute value does not end the tag.
    private static func tagEnd(_ bytes: [UInt8], from index: Int) -> Int? {
        var quote: UInt8?
        for cursor in (index + 1)..<bytes.count {
            let byte = bytes[cursor]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: ">") {
                return cursor + 1
            } else if (byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")) && bytes[cursor - 1] == UInt8(ascii: "=") {
                quote = byte
            }
        }
        return nil
    }
}
