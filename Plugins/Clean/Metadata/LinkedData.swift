import HeadwaterModel

/// What a page's JSON-LD (schema.org) says of its article: of each property the first that is stated.
struct LinkedData {
    private(set) var headline: String?
    private(set) var authors: [String] = []
    private(set) var published: String?
    private(set) var modified: String?
    private(set) var publisher: String?
    private(set) var description: String?
    private(set) var address: String?
    private(set) var image: String?

    /// Deepest nesting that is looked into.
    private static let deepest = 8

    /// Adds what one script says; a script that is not JSON says nothing.
    mutating func read(_ script: [UInt8]) {
        guard let value = try? JSON(parsing: script) else { return }
        read(value, depth: 0)
    }

    private mutating func read(_ value: JSON, depth: Int) {
        guard depth < LinkedData.deepest else { return }
        switch value {
        case .array(let values): for value in values { read(value, depth: depth + 1) }
        case .object(let members):
            if isArticle(members["@type"]) { read(article: members) }
            for key in ["@graph", "mainEntity", "mainEntityOfPage", "itemListElement"] {
                if let inner = members[key] { read(inner, depth: depth + 1) }
            }
        default: break
        }
    }

    private mutating func read(article members: [String: JSON]) {
        if headline == nil { headline = (members["headline"] ?? members["name"])?.string }
        if published == nil { published = members["datePublished"]?.string }
        if modified == nil { modified = members["dateModified"]?.string }
        if authors.isEmpty, let author = members["author"] { authors = names(author) }
        if publisher == nil, let name = members["publisher"] { publisher = names(name).first }
        if description == nil { description = members["description"]?.string }
        if address == nil { address = address(of: members, ["mainEntityOfPage", "url"], ["@id", "url"]) }
        if image == nil { image = address(of: members, ["image", "thumbnailUrl"], ["url", "contentUrl", "@id"]) }
    }

    /// The address under the first of these keys that has one.
    private func address(of members: [String: JSON], _ names: [String], _ keys: [String]) -> String? {
        names.lazy.compactMap { members[$0].flatMap { address(in: $0, keys) } }.first
    }

    private func isArticle(_ type: JSON?) -> Bool {
        (type?.array ?? type.map { [$0] } ?? []).contains { name in
            let name = name.string ?? ""
            return name.hasSuffix("Article") || name.hasSuffix("Posting") || name == "Report" || name == "Review"
                || name == "Recipe"
        }
    }

    private func names(_ value: JSON) -> [String] {
        switch value {
        case .string(let name): [name]
        case .object(let members): members["name"].map(names) ?? []
        case .array(let values): values.flatMap(names)
        default: []
        }
    }

    /// The address of something that is given by it, or as an object that has it under one of these keys.
    private func address(in value: JSON, _ keys: [String]) -> String? {
        switch value {
        case .string(let address): address
        case .object(let members): keys.lazy.compactMap { members[$0]?.string }.first
        case .array(let values): values.first.flatMap { first in first.array == nil ? address(in: first, keys) : nil }
        default: nil
        }
    }
}
