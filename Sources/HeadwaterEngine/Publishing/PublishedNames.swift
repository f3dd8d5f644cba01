import HeadwaterModel

/// Names the files of a published folder: by the record's locator, or where it has none, or one that an earlier record
/// has, by its id. Equal records have equal names, and no two others have.
///
///     news/dam.html                        a document
///     news/dam.html~9f2c4100….txt          a further record with its locator
///     quotation~b1a3bfa1….txt              a record without a locator
struct PublishedNames {
    let ending: String
    /// Locators that have a file: 8 bytes for each, not the locator itself. Where two happen to be one here, the second's
    /// name has its id.
    private var taken: Set<UInt64> = []

    init(ending: String) { self.ending = ending }

    /// A relative path. It begins with no dot, and no component is `.`, `..`, empty, or too long for a file system.
    mutating func name(of record: Record) -> String {
        guard let locator = record.fields["locator"]?.string, !locator.isEmpty else {
            return PublishedNames.component(record.kind, isLast: true, ending) + "~\(record.id)" + ending
        }
        let name = PublishedNames.path(locator, ending)
        return name + (taken.insert(PublishedNames.mark(locator)).inserted ? "" : "~\(record.id)") + ending
    }

    /// The first 8 bytes of the digest.
    static func mark(_ text: String) -> UInt64 {
        Digest(of: text.utf8).withBytes { $0.loadUnaligned(as: UInt64.self) }
    }

    private static func path(_ locator: String, _ ending: String) -> String {
        let components = locator.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return components.enumerated().map { index, bytes in
            component(String(decoding: bytes, as: UTF8.self), isLast: index == components.count - 1, ending)
        }.joined(separator: "/")
    }

    /// So many bytes, so that there is room for an id and the ending within the 255 that Linux allows (NAME_MAX).
    private static let longest = 180

    /// One component with what is not safe in a file name percent-encoded (RFC 3986, 2.1), the percent sign and `~` too, so
    /// that other components stay other ones.
    private static func component(_ text: String, isLast: Bool, _ ending: String) -> String {
        if text.isEmpty { return "%" }
        var out = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if isSafe(scalar, isFirst: index == 0) {
                out.unicodeScalars.append(scalar)
            } else {
                for byte in String(scalar).utf8 { out += "%" + Hex.encode([byte]).uppercased() }
            }
        }
        // Files have the ending and folders have not, so that neither is in the way of the other.
        if !isLast, out.hasSuffix(ending) { out = String(out.dropLast(ending.count)) + "%2E" + ending.dropFirst() }
        guard out.utf8.count > longest else { return out }
        var start = ""
        for scalar in out.unicodeScalars where start.utf8.count < longest - 40 { start.unicodeScalars.append(scalar) }
        return start + "~" + Digest(of: text.utf8).hex.prefix(32)
    }

    private static func isSafe(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        case ".", "-": !isFirst
        default:
            scalar.value >= 0x80
                && [.lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .otherLetter, .modifierLetter, .decimalNumber].contains(
                    scalar.properties.generalCategory)
        }
    }
}
