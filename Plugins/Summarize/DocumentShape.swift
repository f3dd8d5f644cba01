import HeadwaterPluginKit

/// What the lines of a text tell of it: whether it has a heading, and whether it is a list.
enum DocumentShape {
    /// Longer first lines are no headings; in bytes.
    private static let longestHeading = 150

    /// The first line, where it is a heading: short, and without the mark that ends a sentence.
    static func heading(_ bytes: [UInt8]) -> [UInt8] {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        guard line.count < bytes.count, line.count <= longestHeading, let last = line.last, !".!?:;,".utf8.contains(last) else {
            return []
        }
        return Array(line)
    }

    /// So many lines make a list.
    private static let fewestLines = 10

    /// Whether the text is one statement a line, such as a list of opinions, and has no paragraphs: then it is no sign of
    /// importance to come first.
    ///
    /// - Parameter sentences: how many the text has.
    static func isList(_ bytes: [UInt8], sentences: Int) -> Bool {
        var lines = 1
        var last: UInt8 = 0
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if last == byte { return false }
                lines += 1
            }
            last = byte
        }
        return lines >= fewestLines && sentences * 4 <= lines * 5 && sentences * 5 >= lines * 4
    }
}
