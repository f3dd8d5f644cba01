/// What is known of single words: for each lower-cased word the classes it belongs to. Built once from the word lists.
struct Lexicon: Sendable {
    /// The built-in English lexicon.
    static let english = Lexicon()

    /// Open addressing with linear probing; the capacity is a power of two, at most half full.
    private var slots: [Slot]
    /// All words one after the other.
    private var letters: [UInt8] = []
    private var count = 0

    private struct Slot {
        var hash: UInt64 = 0
        var start: UInt32 = 0
        /// 0 where the slot is free.
        var length: UInt32 = 0
        var classes: WordClasses = []
    }

    private init() {
        slots = Array(repeating: Slot(), count: 1 << 14)
        for (classes, words) in WordLists.all {
            for word in words.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }) { insert(Array(word), classes) }
        }
    }

    /// The hash of the word in `bytes`, whatever its case.
    static func hash(of bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var hash = FNV.start
        for index in range { hash = FNV.adding(Lowercase.byte(bytes, index), to: hash) }
        return hash
    }

    /// The hash of several words with single spaces between them.
    /// - Parameter hash: the hash of the words before this one.
    static func hash(of bytes: [UInt8], _ range: Range<Int>, after hash: UInt64) -> UInt64 {
        var hash = FNV.adding(0x20, to: hash)
        for index in range { hash = FNV.adding(Lowercase.byte(bytes, index), to: hash) }
        return hash
    }

    /// The classes of the word in `bytes`, whatever its case; empty for an unknown one.
    /// - Parameter hash: the word's hash.
    func classes(of bytes: [UInt8], _ range: Range<Int>, hash: UInt64) -> WordClasses {
        // No listed word is longer.
        guard range.count <= 32 else { return [] }
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot].length > 0 {
            if slots[slot].hash == hash, Int(slots[slot].length) == range.count, matches(slots[slot], bytes, range) {
                return slots[slot].classes
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return []
    }

    private func matches(_ slot: Slot, _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let start = Int(slot.start)
        for offset in 0..<range.count where letters[start + offset] != Lowercase.byte(bytes, range.lowerBound + offset) {
            return false
        }
        return true
    }

    private mutating func insert(_ word: [UInt8], _ classes: WordClasses) {
        let hash = Self.hash(of: word, 0..<word.count)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot].length > 0 {
            if slots[slot].hash == hash, Int(slots[slot].length) == word.count, matches(slots[slot], word, 0..<word.count) {
                slots[slot].classes.formUnion(classes)
                return
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Slot(hash: hash, start: UInt32(letters.count), length: UInt32(word.count), classes: classes)
        letters.append(contentsOf: word)
        count += 1
        precondition(count * 2 <= slots.count, "the word lists have outgrown the table")
    }
}

/// The 64-bit FNV-1a hash (Fowler, Noll and Vo; IETF draft-eastlake-fnv).
private enum FNV {
    static let start: UInt64 = 0xCBF2_9CE4_8422_2325

    static func adding(_ byte: UInt8, to hash: UInt64) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
}

/// Lower-casing byte by byte: ASCII, and the capitals of Latin-1, whose second byte of UTF-8 differs by one bit.
enum Lowercase {
    static func byte(_ bytes: [UInt8], _ index: Int) -> UInt8 {
        let byte = bytes[index]
        if 0x41...0x5A ~= byte { return byte | 0x20 }
        if 0x80...0x9E ~= byte, index > 0, bytes[index - 1] == 0xC3, byte != 0x97 { return byte | 0x20 }
        return byte
    }

    static func text(_ bytes: [UInt8], _ range: Range<Int>) -> String {
        String(decoding: range.map { byte(bytes, $0) }, as: UTF8.self)
    }
}
