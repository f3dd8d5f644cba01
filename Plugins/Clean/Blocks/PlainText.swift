import HeadwaterModel

/// What a reader sees of some bytes of a page: references resolved, white space collapsed, none at the ends. Only for
/// looking at; what is emitted is made from the page itself, so that it keeps its origin.
struct PlainText {
    private(set) var bytes: [UInt8] = []
    private var needsSpace = false

    /// - Parameter isMarkup: whether `&` may start a character reference.
    mutating func append(_ page: [UInt8], _ range: Range<Int>, isMarkup: Bool) {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = page[index]
            if isMarkup, byte == UInt8(ascii: "&"), let found = CharacterReferences.match(in: page, at: index) {
                if WhiteSpace.length(found.text, 0) == found.text.count {
                    needsSpace = true
                } else {
                    add(found.text)
                }
                index += found.length
                continue
            }
            let space = byte > 0x20 && byte < 0xC2 ? 0 : WhiteSpace.length(page, index)
            if space > 0 {
                needsSpace = true
                index += space
                continue
            }
            if needsSpace { add([]) }
            bytes.append(byte)
            index += 1
        }
    }

    private mutating func add(_ more: [UInt8]) {
        if needsSpace && !bytes.isEmpty { bytes.append(0x20) }
        needsSpace = false
        bytes.append(contentsOf: more)
    }
}
