import HeadwaterModel

/// A part of a file as its format lists it.
struct ListedMember {
    /// What comes behind the file's own locator; nil for all that a compressed file holds.
    var name: Name?
    /// Which one it is, from 1, of what the format lists.
    var number: Int
    /// From the listed bytes inward.
    var layers: [Container.Layer]
    /// About how many bytes it has.
    var size: Int
    var facts: [String: String] = [:]

    enum Name {
        /// A path as bytes; what is no plain text of it is percent-encoded.
        case path([UInt8])
        /// A name that is already one line of text, such as a URL.
        case text(String)
        /// A member of a member.
        indirect case within(Name, Name?)
    }

    /// The same member, counted from what holds it: `outer` gives the bytes that the layers count in.
    func within(_ outer: [Container.Layer], offset: Int = 0) -> ListedMember {
        var out = self
        guard let first = layers.first else {
            out.layers = outer
            return out
        }
        // Bytes of bytes as they are, are bytes of the outer ones.
        if let last = outer.last, last.codec == .stored, let start = last.range?.start, let range = first.range {
            let moved = ByteRange(start: start + range.start - offset, length: range.length)
            out.layers = outer.dropLast() + [Container.Layer(first.codec, moved)] + layers.dropFirst()
        } else if let last = outer.last, last.codec == .stored, last.range != nil, first.range == nil {
            out.layers = outer.dropLast() + [Container.Layer(first.codec, last.range)] + layers.dropFirst()
        } else {
            var inner = first
            if let range = first.range { inner.range = ByteRange(start: range.start - offset, length: range.length) }
            out.layers = outer + [inner] + layers.dropFirst()
        }
        return out
    }
}

/// What facts of a member are called.
enum MemberFact {
    /// Why there is no document to be had of the bytes: the reason of the drop.
    static let fault = "fault"
    /// The same in words.
    static let message = "message"
    /// Whether bytes are missing at the end.
    static let truncated = "truncated"
    static let contentType = "contentType"
    /// `json` for a line, `csv` for a row.
    static let form = "form"
    /// What separates a row's fields.
    static let delimiter = "delimiter"
    /// Which field of a row is the text, and its column's name; before another column's name, which field that is.
    static let textColumn = "textColumn"
    static let textName = "textName"
    static let column = "column."
    /// Of the rows, as it was found out from many of them.
    static let charset = "charset"
    /// What a ZIP archive says of the unpacked bytes; told to nobody.
    static let checksum = "crc32"
}
