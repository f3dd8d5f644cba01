import HeadwaterModel
import HeadwaterPluginKit

/// Where a document is from, as far as it says: what decides whether two documents are two sources.
struct DocumentOrigin: Equatable {
    var locator: String
    /// Where it was published, by the page's own account; empty where it does not say.
    var site: String
    /// The host it was fetched from; empty for a file.
    var host: String
    /// Whose text it says it carries; empty where it does not say.
    var syndicatedFrom: String
    /// Days since 1970-01-01; nil where the document does not say.
    var published: Int?
    /// The same, as the document has it; empty where it does not say.
    var publishedText: String
    /// Nil where its text has no source.
    var source: Digest?

    init(_ document: InputRecord) {
        locator = document.fields["locator"]?.string ?? document.id.short
        site = document.fields["site"]?.string ?? ""
        host = Self.host(of: locator)
        syndicatedFrom = document.fields["syndicatedFrom"]?.string ?? ""
        publishedText = document.fields["published"]?.string ?? ""
        published = Self.day(publishedText)
        source = document.record.sources.first
    }

    /// Its site, its host and whom it carries, in the form in which they are compared.
    var owners: [String] { [site, host, syndicatedFrom].map(Self.folded).filter { !$0.isEmpty } }

    /// The host of an address, without `www.`; empty for a path.
    private static func host(of locator: String) -> String {
        guard let scheme = locator.firstRange(of: "://") else { return "" }
        let host = locator[scheme.upperBound...].prefix { !"/?#".contains($0) }
        return String(host.hasPrefix("www.") ? host.dropFirst(4) : host)
    }

    /// In lower case, letters and digits alone.
    private static func folded(_ name: String) -> String {
        let name = name.lowercased()
        return String(name.hasPrefix("www.") ? name.dropFirst(4) : name[...]).filter { $0.isLetter || $0.isNumber }
    }

    /// The day that an ISO 8601 date begins with; nil for less than a day.
    static func day(_ text: String) -> Int? {
        let digits = Array(text.utf8.prefix(10))
        guard digits.count == 10, digits[4] == UInt8(ascii: "-"), digits[7] == UInt8(ascii: "-"),
            let year = Int(text.prefix(4)), let month = Int(text.dropFirst(5).prefix(2)),
            let day = Int(text.dropFirst(8).prefix(2)),
            (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        return CivilDate(year: year, month: month, day: day).daysSince1970
    }
}

// MARK: As bytes

extension DocumentOrigin {
    /// Two thousand years before 1970, so that no day is negative.
    static let firstDay = 730_000

    func write(to writer: inout PackedWriter) {
        writer.text(locator)
        writer.text(site)
        writer.text(host)
        writer.text(syndicatedFrom)
        writer.text(publishedText)
        writer.flag(published != nil)
        if let published { writer.count(published + Self.firstDay) }
        writer.flag(source != nil)
        if let source { writer.raw(source.bytes) }
    }

    init(from reader: inout PackedReader) throws {
        (locator, site, host) = (try reader.text(), try reader.text(), try reader.text())
        (syndicatedFrom, publishedText) = (try reader.text(), try reader.text())
        published = try reader.flag() ? try reader.count() - Self.firstDay : nil
        source = try reader.flag() ? Digest(bytes: try reader.raw(Digest.byteCount)) : nil
    }
}
