import HeadwaterPluginKit

/// What an element's tag, role and class say it is for.
struct ZoneLexicon {
    static let standard = ZoneLexicon(zoneWords)

    private var reasons: [UInt64: DropReason] = [:]

    init(_ lists: [(DropReason, String)]) {
        for (reason, words) in lists {
            for word in words.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }) {
                reasons[WordHash.lowercased(word)] = reason
            }
        }
    }

    /// The reason that the first telling word of a `class` or `id` value gives.
    ///
    /// Words end at punctuation, digits and before a capital that follows a small letter. Each is looked up joined with
    /// the one before it first ("read" and "more" as "readmore"), then alone.
    func reason(in value: Slice<UnsafeBufferPointer<UInt8>>) -> DropReason? {
        var found: DropReason?
        var hash = FNV1a.empty
        var joined = FNV1a.empty
        var length = 0
        var lastWasSmall = false
        func look() {
            guard found == nil, length > 0 else { return }
            found = reasons[joined] ?? (length > 1 ? reasons[hash] : nil)
        }
        for byte in value {
            let isLetter = ASCII.isLetter(byte)
            if !isLetter || ASCII.isUpper(byte) && lastWasSmall {
                look()
                if found != nil { return found }
                // Only the word before is joined, and none across classes.
                joined = ASCII.isSpace(byte) || length == 0 ? FNV1a.empty : hash
                hash = FNV1a.empty
                length = 0
            }
            if isLetter {
                hash = FNV1a.adding(ASCII.lower(byte), to: hash)
                joined = FNV1a.adding(ASCII.lower(byte), to: joined)
                length += 1
                lastWasSmall = !ASCII.isUpper(byte)
            }
        }
        look()
        return found
    }

    /// The reason that an element's name or role gives.
    static func reason(of node: PageTree.Node, in bytes: UnsafeBufferPointer<UInt8>) -> DropReason? {
        switch node.name {
        case .nav, .menu, .search: return .menu
        case .footer: return .footer
        case .aside: return .sidebar
        case .figcaption, .caption: return .caption
        case .form, .button, .dialog, .fieldset: return .form
        default: break
        }
        guard !node.role.isEmpty else { return nil }
        let role = bytes[node.role]
        if role.containsLowercased("navigation") || role.containsLowercased("banner") || role.containsLowercased("menu") {
            return .menu
        }
        if role.containsLowercased("contentinfo") { return .footer }
        if role.containsLowercased("complementary") { return .sidebar }
        if role.containsLowercased("search") || role.containsLowercased("dialog") { return .form }
        return nil
    }
}
