/// What a line's letters are.
struct LetterCount {
    var words = 0
    /// Words that begin with a capital.
    var capitals = 0
    var digits = 0
    /// Marks that running text seldom has: `@`, `|`, `©`, `#`, `/`, `_`, `>`, `$` and brackets.
    var symbols = 0
    var firstIsSmall = false
    /// What ends it: 1 a colon, 2 a full stop, 3 a question or exclamation mark, 4 a comma, 5 three dots, 6 a bracket.
    var ending = 0

    init(_ text: [UInt8]) {
        var isInside = false
        for byte in text {
            if byte == 0x20 {
                isInside = false
                continue
            }
            if !isInside {
                words += 1
                if ASCII.isUpper(byte) { capitals += 1 }
                isInside = true
            }
            switch byte {
            case _ where ASCII.isDigit(byte): digits += 1
            case UInt8(ascii: "@"), UInt8(ascii: "|"), 0xA9, UInt8(ascii: "#"), UInt8(ascii: "/"), UInt8(ascii: "_"),
                UInt8(ascii: ">"), UInt8(ascii: "$"), UInt8(ascii: "["), UInt8(ascii: "("):
                symbols += 1
            default: break
            }
        }
        if let first = text.first { firstIsSmall = ASCII.isLetter(first) && !ASCII.isUpper(first) }
        switch text.last {
        case UInt8(ascii: ":"): ending = 1
        case UInt8(ascii: "."): ending = text.count > 2 && text[text.count - 2] == UInt8(ascii: ".") ? 5 : 2
        case UInt8(ascii: "?"), UInt8(ascii: "!"): ending = 3
        case UInt8(ascii: ","): ending = 4
        case 0xA6: ending = 5
        case UInt8(ascii: ")"), UInt8(ascii: "]"): ending = 6
        default: ending = 0
        }
    }
}
