import HeadwaterModel

/// The characters that a YAML file may hold (YAML 1.2.2, section 5.1), without those that its readers disagree on.
enum YAMLCharacters {
    /// Whether a text holds nothing else; the first character that does not belong there is recorded.
    static func areAllowed(_ source: SourceText, _ faults: FaultLog) -> Bool {
        let bytes = source.bytes
        func report(_ range: Range<Int>, _ message: String, expected: String) -> Bool {
            faults.report(source.base + range.lowerBound..<source.base + range.upperBound, message, expected: expected)
            return false
        }
        if let offset = UTF8Scan.firstMalformed(bytes) {
            return report(offset..<offset + 1, "the file is not valid UTF-8", expected: "a text file, saved as UTF-8")
        }
        var index = 0
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            let length = UTF8.width(scalar)
            switch scalar.value {
            case 0x85, 0x2028, 0x2029:
                // Line breaks to YAML 1.1, and so to libyaml, but not to YAML 1.2 and editors.
                return report(
                    index..<index + length, "the character \(codePoint(scalar)) is a line break to some readers of YAML only",
                    expected: "an ordinary line break, or an escape in double quotes")
            case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...: break
            default:
                return report(
                    index..<index + length, "the character \(codePoint(scalar)) is not allowed in YAML",
                    expected: "visible characters, spaces and line breaks only")
            }
            index += length
        }
        return true
    }

    /// "U+00A0", as Unicode writes it.
    private static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let code = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
    }
}
