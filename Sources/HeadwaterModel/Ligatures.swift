/// Typographic ligatures, which fonts draw and texts copied from print keep as characters of their own.
///
/// The Latin and Armenian ones of Unicode's block Alphabetic Presentation Forms, with their full compatibility mappings
/// (UnicodeData.txt). What is a letter of an orthography, such as `æ`, `œ` or `ß`, is no ligature here.
public enum Ligatures {
    private static let latin = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"].map { Array($0.utf8) }
    private static let armenian = ["\u{574}\u{576}", "\u{574}\u{565}", "\u{574}\u{56B}", "\u{57E}\u{576}", "\u{574}\u{56D}"].map {
        Array($0.utf8)
    }

    /// How many bytes the ligature at `index` takes; 0 if there is none.
    public static func length(_ bytes: [UInt8], _ index: Int) -> Int { letters(bytes, index) == nil ? 0 : 3 }

    /// The text with each ligature as its letters.
    static func expanded(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let letters = letters(bytes, index) {
                out.append(contentsOf: letters)
                index += 3
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }

    private static func letters(_ bytes: [UInt8], _ index: Int) -> [UInt8]? {
        guard index + 2 < bytes.count, bytes[index] == 0xEF, bytes[index + 1] == 0xAC else { return nil }
        switch bytes[index + 2] {
        case 0x80...0x86: return latin[Int(bytes[index + 2]) - 0x80]
        case 0x93...0x97: return armenian[Int(bytes[index + 2]) - 0x93]
        default: return nil
        }
    }
}
