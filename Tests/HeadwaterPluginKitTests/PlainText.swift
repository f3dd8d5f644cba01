import HeadwaterModel
import HeadwaterPluginKit

/// What the operations of TracedText do to the text alone, as plainly as it can be written: on strings, without a map.
struct PlainText: Equatable {
    var string: String

    var bytes: [UInt8] { Array(string.utf8) }

    func slice(_ range: Range<Int>) -> PlainText { PlainText(string: String(decoding: bytes[range], as: UTF8.self)) }

    func trimmed() -> PlainText {
        var scalars = Array(string.unicodeScalars)[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return PlainText(scalars)
    }

    func collapsingSpace() -> PlainText {
        var out: [Unicode.Scalar] = []
        var inSpace = false
        for scalar in string.unicodeScalars {
            if !scalar.properties.isWhitespace { out.append(scalar) } else if !inSpace { out.append(" ") }
            inSpace = scalar.properties.isWhitespace
        }
        return PlainText(out[...])
    }

    func lowercased() -> PlainText {
        PlainText(string: string.unicodeScalars.map(\.properties.lowercaseMapping).joined())
    }

    func decodingEntities() -> PlainText { PlainText(string: String(decoding: CharacterReferences.decode(bytes), as: UTF8.self)) }

    func composed() -> PlainText {
        PlainText(string: String(decoding: Rewriting([.nfc]).apply(to: bytes) ?? [], as: UTF8.self))
    }

    func replacing(_ range: Range<Int>, with other: PlainText) -> PlainText {
        PlainText(string: slice(0..<range.lowerBound).string + other.string + slice(range.upperBound..<bytes.count).string)
    }

    init(string: String) { self.string = string }

    private init(_ scalars: ArraySlice<Unicode.Scalar>) {
        string = String(String.UnicodeScalarView(scalars))
    }
}
