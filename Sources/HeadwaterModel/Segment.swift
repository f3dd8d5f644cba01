/// One run of a record's text and the source bytes it came from.
///
/// A record's segments cover its text from byte 0 without gap or overlap.
public struct Segment: Hashable, Sendable {
    /// Bytes of the record's text that the segment covers; at least 1.
    public var length: Int
    /// Indexes the record's `sources`; `noSource` where there is none.
    public var source: Int
    /// Where in the source the bytes begin.
    public var offset: Int
    /// How many bytes of the source they are.
    public var sourceLength: Int
    public var mode: Mode

    public static let noSource = -1

    /// How the text came from the source bytes.
    public enum Mode: Hashable, Sendable {
        /// The bytes are equal.
        case verbatim
        /// Equal after the named normalisations, which anyone can apply again.
        case rewritten(Rewriting)
        /// A separator or label without a source.
        case synthetic
        /// Generated; the record's `evidence` says from what.
        case supported
    }

    public init(length: Int, source: Int, offset: Int, sourceLength: Int, mode: Mode) {
        self.length = length
        self.source = source
        self.offset = offset
        self.sourceLength = sourceLength
        self.mode = mode
    }

    public static func synthetic(length: Int) -> Segment {
        Segment(length: length, source: noSource, offset: 0, sourceLength: 0, mode: .synthetic)
    }

    /// The source bytes, where there are any.
    public var citation: Citation? {
        source == Segment.noSource ? nil : Citation(source: source, range: ByteRange(start: offset, length: sourceLength))
    }
}

extension Segment.Mode: CustomStringConvertible {
    public var description: String {
        switch self {
        case .verbatim: "verbatim"
        case .rewritten(let rewriting): "rewritten:\(rewriting)"
        case .synthetic: "synthetic"
        case .supported: "supported"
        }
    }

    /// Parses what `description` prints; nil for anything else, an unknown rule included.
    public init?(_ description: String) {
        switch description {
        case "verbatim": self = .verbatim
        case "synthetic": self = .synthetic
        case "supported": self = .supported
        default:
            guard description.hasPrefix("rewritten:"),
                let rewriting = Rewriting(String(description.dropFirst("rewritten:".count)))
            else { return nil }
            self = .rewritten(rewriting)
        }
    }
}
