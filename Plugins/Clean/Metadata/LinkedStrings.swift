import HeadwaterModel

/// Where the strings of a page's JSON-LD stand, each with the key before it: what a field that was read there cites.
struct LinkedStrings {
    private struct Entry {
        var key: Range<Int>
        var value: Range<Int>
        var hasEscapes: Bool
    }

    private var entries: [Entry] = []
    private let bytes: UnsafeBufferPointer<UInt8>

    /// Strings beyond these are not looked at; a page's own article stands before its lists of others.
    private static let most = 20_000

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Adds the strings of one script.
    mutating func read(_ script: Range<Int>) {
        var key = 0..<0
        var index = script.lowerBound
        while index < script.upperBound, entries.count < LinkedStrings.most {
            guard bytes[index] == UInt8(ascii: "\"") else {
                index += 1
                continue
            }
            let start = index + 1
            var hasEscapes = false
            index = start
            while index < script.upperBound, bytes[index] != UInt8(ascii: "\"") {
                if bytes[index] == UInt8(ascii: "\\") {
                    hasEscapes = true
                    index += 1
                }
                index += 1
            }
            guard index < script.upperBound else { return }
            let string = start..<index
            index += 1
            var next = index
            while next < script.upperBound, ASCII.isSpace(bytes[next]) { next += 1 }
            if next < script.upperBound, bytes[next] == UInt8(ascii: ":") {
                key = string
            } else {
                entries.append(Entry(key: key, value: string, hasEscapes: hasEscapes))
            }
        }
    }

    /// The bytes of a value, escapes and all: that which stands under one of these keys, else the first that is equal.
    func range(of value: String, under keys: [String]) -> Range<Int>? {
        let wanted = Array(value.utf8)
        var first: Range<Int>?
        for entry in entries where isEqual(entry, wanted) {
            if keys.contains(where: { bytes[entry.key].elementsEqual($0.utf8) }) { return entry.value }
            if first == nil { first = entry.value }
        }
        return first
    }

    private func isEqual(_ entry: Entry, _ wanted: [UInt8]) -> Bool {
        guard entry.hasEscapes else {
            return entry.value.count == wanted.count && bytes[entry.value].elementsEqual(wanted)
        }
        // An escape takes up to six bytes for one, or twelve for four.
        guard entry.value.count >= wanted.count, entry.value.count <= wanted.count * 6 else { return false }
        return Escape.json.decode(Array(bytes[entry.value])) == wanted
    }
}
