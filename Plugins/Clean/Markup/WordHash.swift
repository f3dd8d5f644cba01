import HeadwaterPluginKit

/// A 64-bit FNV-1a hash of a word in lower case, the key of the word tables: looking up a word of a page makes no string.
///
/// Two words of one table never share a hash; a word of a page that collides with one by chance (one in 2^64) is taken for it.
enum WordHash {
    static func lowercased(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = FNV1a.empty
        for byte in bytes { hash = FNV1a.adding(ASCII.lower(byte), to: hash) }
        return hash
    }
}

/// What the scanners ask of a byte.
enum ASCII {
    static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// The white space of HTML syntax: tab, line feed, form feed, carriage return, space.
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte < 0x0E && byte > 0x08 && byte != 0x0B) }
}
