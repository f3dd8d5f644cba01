/// The elements that mean something to where text stands on a page; every other element is `unknown`.
enum ElementName: String, CaseIterable {
    case text = "#text"
    case unknown = "#unknown"
    case html, head, body, title, meta, link, base, script, style, template, noscript
    case address, article, aside, blockquote, center, dd, details, dialog, dir, div, dl, dt, fieldset, figcaption, figure
    case footer, form, h1, h2, h3, h4, h5, h6, header, hgroup, hr, legend, li, main, menu, nav, ol, p, pre, search, section
    case summary, ul
    case table, caption, colgroup, col, thead, tbody, tfoot, tr, td, th
    case a, abbr, b, big, cite, code, em, font, i, label, mark, nobr, q, s, small, span, strike, strong, sub, sup, time, tt, u
    case area, br, embed, img, input, param, source, track, wbr
    case audio, button, canvas, iframe, math, noembed, noframes, object, option, optgroup, output, picture, progress, rp
    case select, svg, textarea, video, xmp

    /// The name as it stands in a tag, in any case.
    init(_ name: some Sequence<UInt8>) {
        self = ElementName.byHash[WordHash.lowercased(name)] ?? .unknown
    }

    private static let byHash = Dictionary(
        uniqueKeysWithValues: allCases.map { (WordHash.lowercased($0.rawValue.utf8), $0) })

    /// Has no content and no end tag.
    var isVoid: Bool {
        switch self {
        case .area, .base, .br, .col, .embed, .hr, .img, .input, .link, .meta, .param, .source, .track, .wbr: true
        default: false
        }
    }

    /// Its content is read as text up to its own end tag. A browser that runs scripts reads `noscript` so.
    var holdsRawText: Bool {
        switch self {
        case .script, .style, .xmp, .iframe, .noembed, .noframes, .noscript, .title, .textarea: true
        default: false
        }
    }

    /// Its content is not shown as text.
    var isInvisible: Bool {
        switch self {
        case .head, .script, .style, .template, .noscript, .iframe, .noembed, .noframes, .textarea, .select, .svg, .math,
            .audio, .video, .canvas, .object, .title, .option, .optgroup, .progress, .rp:
            true
        default: false
        }
    }

    /// Starts and ends a block of text.
    var isBlock: Bool {
        switch self {
        case .html, .body, .address, .article, .aside, .blockquote, .center, .dd, .details, .dialog, .dir, .div, .dl, .dt,
            .fieldset, .figcaption, .figure, .footer, .form, .h1, .h2, .h3, .h4, .h5, .h6, .header, .hgroup, .hr, .legend, .li,
            .main, .menu, .nav, .ol, .p, .pre, .search, .section, .summary, .ul, .table, .caption, .thead, .tbody, .tfoot, .tr,
            .td, .th, .xmp, .button:
            true
        default: false
        }
    }

    /// Whether its start tag ends an open paragraph (WHATWG HTML, section 13.2.6.4.7).
    var closesParagraph: Bool {
        switch self {
        case .td, .th, .tr, .thead, .tbody, .tfoot, .caption, .legend, .html, .body, .button: false
        default: isBlock
        }
    }

    /// The level of a heading, 1 to 6; 0 for other elements.
    var headingLevel: Int {
        switch self {
        case .h1: 1
        case .h2: 2
        case .h3: 3
        case .h4: 4
        case .h5: 5
        case .h6: 6
        default: 0
        }
    }

    var isList: Bool { self == .ul || self == .ol || self == .dl || self == .menu || self == .dir }

    var isListItem: Bool { self == .li || self == .dt || self == .dd }

    var isCell: Bool { self == .td || self == .th }
}
