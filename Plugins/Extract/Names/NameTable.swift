import CNameTables
import HeadwaterPluginKit

/// Which words and phrases are names of persons, places or companies, or plain words of English, by open lists.
///
/// Only hashes of 32 bits are kept, so one unknown word in forty thousand is taken for a listed one.
struct NameTable: Sendable {
    static let shared = NameTable()

    /// What a listed word or phrase can be.
    struct Classes: OptionSet, Hashable, Sendable {
        let rawValue: UInt8

        /// A word that dictionaries list in small letters.
        static let word = Classes(rawValue: 1 << 0)
        static let givenName = Classes(rawValue: 1 << 1)
        static let surname = Classes(rawValue: 1 << 2)
        /// A city of 100,000 people or more, or a capital.
        static let city = Classes(rawValue: 1 << 3)
        /// A town of 15,000 people or more.
        static let town = Classes(rawValue: 1 << 4)
        /// A country or a state of the United States.
        static let region = Classes(rawValue: 1 << 5)
        static let company = Classes(rawValue: 1 << 6)
    }

    /// Open addressing with linear probing; 0 where a slot is free.
    private var keys: [UInt32]
    private var classes: [UInt8]

    private init() {
        var capacity = 1
        while capacity < Int(headwater_name_count) * 2 { capacity *= 2 }
        keys = Array(repeating: 0, count: capacity)
        classes = Array(repeating: 0, count: capacity)
        guard let entries = headwater_names() else { return }
        var key: UInt32 = 0
        for index in 0..<Int(headwater_name_count) {
            key &+= entries[index] >> 8
            var slot = Int(key) & (capacity - 1)
            while keys[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            keys[slot] = key
            classes[slot] = UInt8(truncatingIfNeeded: entries[index])
        }
    }

    /// The classes of a word or phrase, by the hash of its lower-cased tokens with single spaces between them.
    func classes(of hash: UInt64) -> Classes {
        let key = UInt32(truncatingIfNeeded: hash ^ hash >> 32)
        var slot = Int(key) & (keys.count - 1)
        while keys[slot] != 0 {
            if keys[slot] == key { return Classes(rawValue: classes[slot]) }
            slot = (slot + 1) & (keys.count - 1)
        }
        return []
    }
}
