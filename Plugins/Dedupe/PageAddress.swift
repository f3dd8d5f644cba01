import HeadwaterModel
import HeadwaterPluginKit

/// The address of a page, written in one way whatever way it was given: two addresses that are equal here name one page.
///
/// RFC 3986, section 6.2: letters of scheme and host in lower case, percent-encodings in upper case and those of unreserved
/// characters undone, dot segments removed, no default port, no fragment. Beyond that, as sites commonly have it: `http` is
/// `https`; no user; parameters in order, without those that only say how a reader came (`PageAddress.tracking`); no index
/// page and no slash at the end; the forms for small screens and AMP are those of the page itself.
struct PageAddress: Hashable, Sendable {
    /// In lower case, without a port, as it was given otherwise: `www.` and the like still there.
    let host: [UInt8]
    /// Host, path and query, normalised.
    let text: [UInt8]

    /// Parameters that say how a reader came to a page and not which page it is. A `*` at the end stands for any ending.
    static let tracking: [StaticString] = [
        "utm_*", "fbclid", "gclid", "gclsrc", "dclid", "wbraid", "gbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid",
        "igsh",
        "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "_hsenc", "_hsmi", "hsctatracking", "oly_anon_id", "oly_enc_id", "vero_id",
        "wickedid", "wt.*", "at_*", "pk_*", "mtm_*", "matomo_*", "piwik_*", "cmpid", "icid", "ncid", "ocid", "smid",
        "sr_share", "spm", "ref_src", "ref_url", "s_cid", "ito", "ns_*", "trk", "trkcampaign", "xtor", "__twitter_impression",
    ]
    /// Parameters with these values ask for a page in another form.
    private static let forms: [StaticString] = ["amp", "amp=1", "amp=true", "outputtype=amp", "view=amp", "m=1", "mobile=1"]
    /// First labels of a host that serves the same pages.
    private static let labels: [StaticString] = ["www.", "m.", "mobile.", "amp.", "wap."]
    private static let indexPages: [StaticString] = [
        "index.html", "index.htm", "index.shtml", "index.php", "index.asp", "index.aspx", "index.jsp", "default.htm",
        "default.html",
        "default.asp", "default.aspx",
    ]

    /// Longer ones are passed over; no server takes them.
    private static let longest = 8192

    /// - Returns: nil for anything but an `http` or `https` address with a host.
    init?(_ given: [UInt8]) {
        guard given.count <= PageAddress.longest, let colon = given.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = given[..<colon].map(PageAddress.lower)
        guard scheme == Array("http".utf8) || scheme == Array("https".utf8), given[(colon + 1)...].starts(with: "//".utf8) else {
            return nil
        }
        var rest = given[(colon + 3)...]
        if let fragment = rest.firstIndex(of: UInt8(ascii: "#")) { rest = rest[..<fragment] }
        let authorityEnd =
            rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "\\") } ?? rest.endIndex
        guard let host = PageAddress.host(rest[..<authorityEnd]) else { return nil }
        self.host = host
        let queryStart = rest[authorityEnd...].firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
        var query = PageAddress.parameters(rest[queryStart...].dropFirst())
        var path = PageAddress.path(rest[authorityEnd..<queryStart])
        PageAddress.removeForms(&path, &query)
        text =
            PageAddress.withoutLabel(host) + path
            + (query.isEmpty ? [] : [UInt8(ascii: "?")] + query.joined(separator: [UInt8(ascii: "&")]))
    }

    /// The address in a locator: all of it, or that of a page in an archive (`crawl.warc.gz!/https://example.org/a`).
    init?(locator: String) {
        let bytes = Array(locator.utf8)
        if let address = PageAddress(bytes) {
            self = address
            return
        }
        var start: Int?
        for index in bytes.indices.dropLast(2) where bytes[index] == UInt8(ascii: "!") && bytes[index + 1] == UInt8(ascii: "/") {
            start = index + 2
        }
        guard let start, let address = PageAddress(Array(bytes[start...])) else { return nil }
        self = address
    }

    static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }

    /// FNV-1a, every bit spread.
    var key: UInt64 { mixed(FNV1a.hash(text)) }

    private static func host(_ authority: ArraySlice<UInt8>) -> [UInt8]? {
        var host = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[($0 + 1)...] } ?? authority
        if let colon = host.lastIndex(of: UInt8(ascii: ":")), host[(colon + 1)...].allSatisfy({ (0x30...0x39).contains($0) }) {
            let port = host[(colon + 1)...]
            if port.isEmpty || port.elementsEqual("80".utf8) || port.elementsEqual("443".utf8) { host = host[..<colon] }
        }
        if host.last == UInt8(ascii: ".") { host = host.dropLast() }
        return host.isEmpty ? nil : host.map(lower)
    }

    private static func withoutLabel(_ host: [UInt8]) -> [UInt8] {
        for label in labels {
            let bytes = label.withUTF8Buffer { Array($0) }
            // `m.de` is a host of its own.
            if host.starts(with: bytes), host.dropFirst(bytes.count).contains(UInt8(ascii: ".")) {
                return Array(host.dropFirst(bytes.count))
            }
        }
        return host
    }

    /// The path with its encodings and dot segments settled, without an index page or a slash at the end.
    private static func path(_ given: ArraySlice<UInt8>) -> [UInt8] {
        var segments: [ArraySlice<UInt8>] = []
        let settled = encoded(given)
        for segment in settled.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true) {
            if segment.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else if !segment.elementsEqual(".".utf8) {
                segments.append(segment)
            }
        }
        if let last = segments.last, isOne(of: indexPages, last.map(lower)) { segments.removeLast() }
        return segments.flatMap { [UInt8(ascii: "/")] + $0 }
    }

    /// The parameters that say which page it is, in order.
    private static func parameters(_ query: ArraySlice<UInt8>) -> [[UInt8]] {
        query.split(separator: UInt8(ascii: "&")).map { encoded($0) }.filter { parameter in
            !isTracking(parameter.prefix { $0 != UInt8(ascii: "=") }.map(lower))
        }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func isTracking(_ name: [UInt8]) -> Bool {
        tracking.contains { pattern in
            pattern.withUTF8Buffer { pattern in
                if pattern.last == UInt8(ascii: "*") { return name.starts(with: pattern.dropLast()) }
                return name.elementsEqual(pattern)
            }
        }
    }

    /// Takes away what asks for a page in the form for AMP or small screens.
    private static func removeForms(_ path: inout [UInt8], _ query: inout [[UInt8]]) {
        query.removeAll { isOne(of: forms, $0.map(lower)) }
        for suffix in ["/amp", ".amp", ".amp.html"] as [StaticString] {
            let bytes = suffix.withUTF8Buffer { Array($0) }
            if path.count > bytes.count, path.suffix(bytes.count).map(lower) == bytes {
                path.removeLast(bytes.count)
                if bytes.last == UInt8(ascii: "l") { path += ".html".utf8 }
            }
        }
        if path.count > 5, path.prefix(5).map(lower) == Array("/amp/".utf8) { path.removeFirst(4) }
    }

    private static func isOne(of texts: [StaticString], _ bytes: [UInt8]) -> Bool {
        texts.contains { $0.withUTF8Buffer { bytes.elementsEqual($0) } }
    }

    /// Percent-encodings in upper case, and none of a character that needs none (RFC 3986, 2.3).
    private static func encoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                let byte = high << 4 | low
                if isUnreserved(byte) {
                    out.append(byte)
                } else {
                    out += [UInt8(ascii: "%"), hexDigits[Int(high)], hexDigits[Int(low)]]
                }
                index += 3
            } else if bytes[index] <= 0x20 || bytes[index] >= 0x7F {
                out += [UInt8(ascii: "%"), hexDigits[Int(bytes[index] >> 4)], hexDigits[Int(bytes[index] & 15)]]
                index += 1
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }
}

/// The addresses that a document is known by.
struct DocumentAddresses {
    /// Where it was found.
    let own: PageAddress?
    /// What it says it should be found under.
    let canonical: PageAddress?

    init(_ fields: [String: JSON]) {
        own =
            (fields["locator"]?.string).flatMap { PageAddress(locator: $0) }
            ?? (fields["url"]?.string).flatMap { PageAddress(Array($0.utf8)) }
        canonical = (fields["canonical"]?.string).flatMap { PageAddress(Array($0.utf8)) }
    }

    var host: [UInt8]? { own?.host ?? canonical?.host }
}
