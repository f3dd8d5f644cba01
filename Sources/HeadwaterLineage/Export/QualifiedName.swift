import HeadwaterModel

/// A name in the export of a thing that Headwater knows: a namespace and a local part (PROV-DM, 5.7.1).
///
/// Written as `run:0f3c…`, much as a reference on the command line; as an IRI it is the namespace's with the local part behind
/// it, `urn:headwater:1:run:0f3c…`. Equal things have equal names in every export, on every machine.
struct QualifiedName: Hashable {
    /// The namespaces, by the prefix that exports give them.
    enum Prefix: String, CaseIterable {
        /// Terms: types and attributes.
        case hw
        case run, stage, task, output, artifact, shard, result, slice, source, record, published, publishing, plugin, program,
            file
        /// PROV's own terms.
        case prov

        /// The namespace's IRI. A URN, since no address on the web is promised; `1` is raised if a name ever comes to mean
        /// something else.
        var namespace: String { self == .prov ? "http://www.w3.org/ns/prov#" : "urn:headwater:1:\(rawValue):" }
    }

    let prefix: Prefix
    /// In the characters that PROV-N allows (3.7.1, PN_LOCAL) without an escape of its own.
    let local: String

    /// - Parameter parts: any texts; a slash stands between them, and in the last, which may be a path, where it has one.
    init(_ prefix: Prefix, _ parts: String...) {
        self.prefix = prefix
        local = parts.enumerated().map { QualifiedName.encoded($1, asPath: $0 > 0 && $0 == parts.count - 1) }
            .joined(separator: "/")
    }

    var text: String { "\(prefix.rawValue):\(local)" }
    var iri: String { prefix.namespace + local }

    /// Bytes besides unreserved characters (RFC 3986, 2.3) percent-encoded; so too a hyphen at the start and a dot at the end,
    /// where PROV-N allows none, and what separates parts.
    private static func encoded(_ text: String, asPath: Bool) -> String {
        let bytes = Array(text.utf8)
        var out = ""
        for (index, byte) in bytes.enumerated() {
            let isPlain =
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
                case UInt8(ascii: "/"): asPath
                case UInt8(ascii: "-"): index > 0
                case UInt8(ascii: "."): index > 0 && index < bytes.count - 1
                default: false
                }
            out += isPlain ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte]).uppercased()
        }
        return out
    }
}
