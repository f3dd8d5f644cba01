/// What `meta` elements state: their names, the most telling first, by the field they are about.
///
/// From the Open Graph protocol, the Dublin Core terms, schema.org, and the names that publishing systems write.
struct MetaElement {
    var field: Field
    /// Its place among those of the field.
    var rank: Int
    var name: String

    private static let names: [(Field, [String])] = [
        (.title, ["og:title", "twitter:title", "dc.title", "parsely-title", "headline"]),
        (
            .author,
            [
                "author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl", "og:article:author",
            ]
        ),
        (
            .published,
            [
                "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
                "parsely-pub-date", "sailthru.date", "dc.date.issued", "dc.date", "dcterms.created", "date", "pubdate",
                "publish-date", "publication_date", "article.published", "cxenseparse:recs:publishtime",
            ]
        ),
        (
            .modified,
            [
                "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "dcterms.modified",
                "dc.date.modified", "article.updated", "last-modified", "lastmod",
            ]
        ),
        (.site, ["og:site_name", "application-name", "publisher", "dc.publisher"]),
        (.language, ["dc.language", "og:locale"]),
        (.description, ["og:description", "twitter:description", "description", "dc.description", "dcterms.description"]),
        (.canonical, ["og:url", "twitter:url"]),
        (
            .image,
            ["og:image", "og:image:secure_url", "og:image:url", "twitter:image", "twitter:image:src", "image", "thumbnailurl"]
        ),
    ]

    private static let byHash: [UInt64: MetaElement] = {
        var table: [UInt64: MetaElement] = [:]
        for (field, names) in names {
            for (rank, name) in names.enumerated() {
                table[WordHash.lowercased(name.utf8)] = MetaElement(field: field, rank: rank, name: name)
            }
        }
        return table
    }()

    private init(field: Field, rank: Int, name: String) { (self.field, self.rank, self.name) = (field, rank, name) }

    /// The element that is called so, in any case; nil for one that is not known.
    init?(named name: some Sequence<UInt8>) {
        guard let known = MetaElement.byHash[WordHash.lowercased(name)] else { return nil }
        self = known
    }
}
