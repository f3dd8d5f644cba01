/// A text cut at its substitutions: `${name}` stands for a parameter, `$${` for a literal `${`.
struct SubstitutionText {
    enum Part: Equatable {
        case literal(String)
        /// - Parameter occurrence: the number of its `${` among all of the text, from 0.
        case parameter(name: String, occurrence: Int)
        /// A `${` with no `}` behind it.
        case unterminated(occurrence: Int)
    }

    let parts: [Part]

    init(_ text: String) {
        let bytes = Array(text.utf8)
        func matches(_ pattern: StaticString, _ index: Int) -> Bool {
            let end = index + pattern.utf8CodeUnitCount
            return pattern.withUTF8Buffer { end <= bytes.count && bytes[index..<end].elementsEqual($0) }
        }
        var parts: [Part] = []
        var literal: [UInt8] = []
        var occurrence = 0
        var index = 0
        func closeLiteral() {
            if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
            literal = []
        }
        while index < bytes.count {
            if matches("$${", index) {
                literal.append(contentsOf: "${".utf8)
                occurrence += 1
                index += 3
            } else if matches("${", index) {
                closeLiteral()
                guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else {
                    parts.append(.unterminated(occurrence: occurrence))
                    break
                }
                parts.append(.parameter(name: String(decoding: bytes[index + 2..<end], as: UTF8.self), occurrence: occurrence))
                // A `${` inside the braces is one more in the file, too.
                for inner in index..<end where matches("${", inner) { occurrence += 1 }
                index = end + 1
            } else {
                literal.append(bytes[index])
                index += 1
            }
        }
        closeLiteral()
        self.parts = parts
    }

    /// Whether the text holds a `${` at all; most do not.
    static func isNeeded(for text: String) -> Bool {
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "{"), previous == UInt8(ascii: "$") { return true }
            previous = byte
        }
        return false
    }

    /// Where in the file each `${` of a scalar stands. Nil where an escape or a line break hides one, so that they
    /// cannot be told by counting.
    static func places(of scalar: YAMLScalar, in range: Range<Int>, of source: SourceText) -> [Int]? {
        var start = range.lowerBound - source.base
        let end = range.upperBound - source.base
        if scalar.style == .block {
            // The line of the `|` may end in a comment.
            start = source.bytes[start..<end].firstIndex(of: UInt8(ascii: "\n")) ?? start
        }
        let written = occurrences(in: source.bytes[start..<end])
        return written.count == occurrences(in: Array(scalar.text.utf8)[...]).count ? written.map { source.base + $0 } : nil
    }

    private static func occurrences(in bytes: ArraySlice<UInt8>) -> [Int] {
        bytes.indices.dropLast().filter { bytes[$0] == UInt8(ascii: "$") && bytes[$0 + 1] == UInt8(ascii: "{") }
    }
}
