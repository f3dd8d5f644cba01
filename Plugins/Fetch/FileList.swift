/// A text file that names one path, glob or URL a line. Empty lines and lines that begin with `#` say nothing.
enum FileList {
    struct Line: Equatable {
        /// Counted from 1, for messages.
        var number: Int
        var text: [UInt8]
    }

    /// A list is written by hand or by a small script; a longer one is a mistake, such as naming a source as a list.
    static let maximumSize = 64 << 20

    /// The lines that name something, without white space at their ends.
    static func lines(_ bytes: [UInt8]) -> [Line] {
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        var out: [Line] = []
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            var text = line.drop { isBlank($0) }
            while let last = text.last, isBlank(last) { text.removeLast() }
            if text.isEmpty || text.first == UInt8(ascii: "#") { continue }
            out.append(Line(number: index + 1, text: Array(text)))
        }
        return out
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
