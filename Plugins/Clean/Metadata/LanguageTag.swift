import CCLD2

/// The language of a text, as a BCP 47 tag.
enum LanguageTag {
    /// Whether a page's own word for its language can be one.
    static func isPlausible(_ tag: String) -> Bool {
        let first = tag.utf8.prefix { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
        return (2...3).contains(first.count) && first.allSatisfy(ASCII.isLetter)
            && tag.utf8.count <= 35 && tag.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == 0x2D || $0 == 0x5F }
    }

    /// What Compact Language Detector 2 says, where it trusts itself. It reads the beginning: that decides.
    static func detected(in text: [UInt8]) -> String? {
        var end = min(text.count, 20_000)
        while end > 0, end < text.count, text[end] & 0xC0 == 0x80 { end -= 1 }
        return text[..<end].withUnsafeBytes { buffer -> String? in
            guard let base = buffer.baseAddress else { return nil }
            var reliable: Int32 = 0
            var percent: Int32 = 0
            guard let code = cld2_face_detect(base.assumingMemoryBound(to: CChar.self), Int32(buffer.count), &reliable, &percent),
                reliable == 1
            else { return nil }
            let name = String(cString: code)
            return name == "un" ? nil : name
        }
    }
}
