/// One element of `from`, or one line of a file list, as it was written.
enum Entry {
    case url(String)
    /// A file or a folder, whichever is there.
    case path([UInt8])
    /// What a pattern finds below the folder that its leading parts without a wildcard name.
    case glob(folder: [UInt8], pattern: PathPattern)
    /// A file that lists further entries.
    case list([UInt8])
    /// The URL of a list of further URLs.
    case remoteList(String)
    /// What the other entries find is left out where this matches.
    case exclusion([UInt8])

    var isList: Bool {
        switch self {
        case .list, .remoteList: true
        default: false
        }
    }

    /// - Throws: `PatternFault` for what no entry can look like.
    init(_ text: [UInt8]) throws(PatternFault) {
        guard let first = text.first else { throw PatternFault("it is empty; expected a file, folder, glob, file list or URL") }
        if text.contains(0) { throw PatternFault("no path holds a NUL byte") }
        switch first {
        case UInt8(ascii: "!"): self = .exclusion(Array(text.dropFirst()))
        case UInt8(ascii: "@"):
            let list = Array(text.dropFirst())
            if let scheme = Entry.scheme(list) {
                self = .remoteList(try Entry.checkedURL(list, scheme: scheme))
            } else {
                self = .list(list)
            }
        default:
            if let scheme = Entry.scheme(text) {
                self = .url(try Entry.checkedURL(text, scheme: scheme))
            } else {
                let (fixed, rest) = Entry.fixedPart(text)
                self = rest.isEmpty ? .path(fixed) : .glob(folder: fixed, pattern: try PathPattern(rest))
            }
        }
    }

    /// Splits a pattern where its first part with a wildcard begins. In the fixed part each `\` has done its work.
    static func fixedPart(_ text: [UInt8]) -> (fixed: [UInt8], rest: ArraySlice<UInt8>) {
        var fixed: [UInt8] = []
        var partStart = 0
        var fixedCount = 0
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "}"):
                return (Array(fixed[..<fixedCount]), text[partStart...])
            case UInt8(ascii: "\\") where index + 1 < text.count:
                fixed.append(text[index + 1])
                index += 2
            case PathText.slash:
                fixed.append(PathText.slash)
                index += 1
                (partStart, fixedCount) = (index, fixed.count)
            default:
                fixed.append(text[index])
                index += 1
            }
        }
        return (fixed, [])
    }

    /// The letters before `://`, if the text begins so.
    private static func scheme(_ text: [UInt8]) -> String? {
        let letters = text.prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
        guard !letters.isEmpty, text[letters.endIndex...].starts(with: "://".utf8) else { return nil }
        return String(decoding: letters, as: UTF8.self).lowercased()
    }

    private static func checkedURL(_ text: [UInt8], scheme: String) throws(PatternFault) -> String {
        guard scheme == "http" || scheme == "https" else {
            throw PatternFault("of URLs only http:// and https:// are read, not \(scheme)://")
        }
        guard text.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw PatternFault("a URL holds only ASCII characters and no space; write others percent-encoded")
        }
        let authority = text[(scheme.utf8.count + 3)...].prefix {
            $0 != PathText.slash && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        // The URL becomes a locator, which is published.
        if authority.contains(UInt8(ascii: "@")) {
            throw PatternFault("a URL here must not hold a name or password: it would be published as the locator")
        }
        return String(decoding: text, as: UTF8.self)
    }
}
