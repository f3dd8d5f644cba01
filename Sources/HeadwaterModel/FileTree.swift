/// An artifact made of files: every file, folder and link below one folder, by relative path. The digest of this manifest is the
/// artifact; the bytes of the files are blobs.
///
/// Of permissions it keeps whether a file can be run. The rest, and times and owners, are the machine's and not the work's.
public struct FileTree: Hashable, Sendable {
    public static let schema = "headwater.tree/1"

    /// Sorted by the bytes of their paths; every folder on the way to something is there itself.
    public let entries: [Entry]

    public struct Entry: Hashable, Sendable {
        /// Relative, parts separated by "/", none of them empty, "." or "..".
        public var path: String
        public var kind: Kind

        public init(_ path: String, _ kind: Kind) {
            self.path = path
            self.kind = kind
        }
    }

    public enum Kind: Hashable, Sendable {
        case file(File)
        /// Holds the entries below it; none for an empty one.
        case folder
        /// Leads to something in the tree.
        case link(target: String)
    }

    public struct File: Hashable, Sendable {
        public var digest: Digest
        public var byteCount: Int
        public var isExecutable: Bool
        /// The blob that says which input bytes each of its bytes came from (`FileMap`), where whoever wrote it told.
        public var map: Digest?

        public init(digest: Digest, byteCount: Int, isExecutable: Bool, map: Digest? = nil) {
            self.digest = digest
            self.byteCount = byteCount
            self.isExecutable = isExecutable
            self.map = map
        }
    }

    /// - Throws: where the entries are no tree: a path twice or not relative, something below what is no folder, a link that leads
    ///   out or nowhere.
    public init(entries: [Entry]) throws(DocumentError) {
        self.entries = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        // A folder stands before what lies in it.
        var folders: Set<[UInt8]> = []
        var latest: [UInt8] = []
        var hasLinks = false
        for (index, entry) in self.entries.enumerated() {
            let path = entry.path.utf8
            guard FileTree.isRelative(entry.path) else {
                throw DocumentError("a tree: \"\(entry.path)\" is no path relative to it")
            }
            if let slash = path.lastIndex(of: UInt8(ascii: "/")), !path[..<slash].elementsEqual(latest) {
                latest = Array(path[..<slash])
                guard folders.contains(latest) else {
                    throw DocumentError("a tree: \"\(entry.path)\" lies in no folder of it")
                }
            }
            guard index == 0 || !self.entries[index - 1].path.utf8.elementsEqual(path) else {
                throw DocumentError("a tree: \"\(entry.path)\" occurs twice")
            }
            switch entry.kind {
            case .folder: folders.insert(Array(path))
            case .link: hasLinks = true
            case .file: break
            }
        }
        if hasLinks { try checkLinks() }
    }

    private func checkLinks() throws(DocumentError) {
        var kinds: [[UInt8]: Kind] = [:]
        for entry in entries { kinds[Array(entry.path.utf8)] = entry.kind }
        for entry in entries {
            guard case .link(let target) = entry.kind, FileTree.destination(of: entry.path, in: kinds) == nil else { continue }
            throw DocumentError("a tree: the link \"\(entry.path)\" to \"\(target)\" leads to nothing in it")
        }
    }

    /// Whether all of its parts are names, and there is one.
    public static func isRelative(_ path: String) -> Bool {
        var path = path
        return path.withUTF8 { path in
            var start = 0
            for index in 0...path.count where index == path.count || path[index] == UInt8(ascii: "/") {
                let part = path[start..<index]
                if part.count <= 2, part.allSatisfy({ $0 == UInt8(ascii: ".") }) { return false }
                start = index + 1
            }
            return !path.contains(0)
        }
    }

    /// Follows links step by step as a kernel does, so that no chain of them leads out.
    private static func destination(of path: String, in kinds: [[UInt8]: Kind]) -> Kind? {
        /// As many links as Linux follows in one path (`path_resolution(7)`).
        var linksLeft = 40
        var place: [[UInt8]] = []
        var ahead = Array(path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init).reversed())
        while let part = ahead.popLast() {
            if part.elementsEqual("..".utf8) {
                if place.popLast() == nil { return nil }
                continue
            }
            if part.elementsEqual(".".utf8) { continue }
            let next = Array((place + [part]).joined(separator: [UInt8(ascii: "/")]))
            guard let kind = kinds[next] else { return nil }
            if case .link(let target) = kind {
                linksLeft -= 1
                guard linksLeft >= 0, !target.hasPrefix("/") else { return nil }
                ahead += target.utf8.split(separator: UInt8(ascii: "/")).map(Array.init).reversed()
            } else if case .file = kind, !ahead.isEmpty {
                return nil
            } else {
                place.append(part)
            }
        }
        return place.isEmpty ? nil : kinds[Array(place.joined(separator: [UInt8(ascii: "/")]))]
    }

    // MARK: What it holds

    public var files: [(path: String, file: File)] {
        entries.compactMap { if case .file(let file) = $0.kind { ($0.path, file) } else { nil } }
    }

    public var byteCount: Int { files.reduce(0) { $0 + $1.file.byteCount } }

    /// Every blob that must be there for the tree to be whole.
    public var blobs: [Digest] { files.flatMap { [$0.file.digest] + ($0.file.map.map { [$0] } ?? []) } }

    /// The file at a path; nil where there is none, or something else.
    public func file(at path: String) -> File? {
        files.first { $0.path.utf8.elementsEqual(path.utf8) }?.file
    }

    // MARK: As a document

    public var json: JSON {
        [
            "schema": .string(FileTree.schema), "entries": .array(entries.map(\.json)),
            "totals": ["files": .integer(files.count), "bytes": .integer(byteCount)],
        ]
    }

    /// The canonical bytes of `json`.
    public var canonical: [UInt8] {
        var writer = JSONWriter()
        writer.reserve(192 * entries.count + 128)
        writer.object {
            $0.key("entries")
            $0.array { for entry in entries { entry.write(to: &$0) } }
            $0.key("schema")
            $0.string(FileTree.schema)
            $0.key("totals")
            $0.object {
                let files = files
                $0.key("bytes")
                $0.integer(files.reduce(0) { $0 + $1.file.byteCount })
                $0.key("files")
                $0.integer(files.count)
            }
        }
        return writer.bytes
    }

    public init(json: JSON) throws(DocumentError) {
        let document = try StoredDocument(json, schema: FileTree.schema)
        var entries: [Entry] = []
        var total = 0
        for part in try document.parts("entries") {
            let entry = try Entry(document: part)
            if case .file(let file) = entry.kind { total = try StoredDocument.sum(total, file.byteCount) }
            entries.append(entry)
        }
        try self.init(entries: entries)
        guard self.json == json else { throw DocumentError("a tree: its entries are not in order, or its totals not theirs") }
    }
}

extension FileTree.Entry {
    fileprivate var json: JSON {
        var members: [String: JSON] = ["path": .string(path)]
        switch kind {
        case .folder: members["kind"] = "folder"
        case .link(let target):
            members["kind"] = "link"
            members["target"] = .string(target)
        case .file(let file):
            members["kind"] = "file"
            members["mode"] = file.isExecutable ? "755" : "644"
            members["digest"] = .string(file.digest.description)
            members["bytes"] = .integer(file.byteCount)
            if let map = file.map { members["map"] = .string(map.description) }
        }
        return .object(members)
    }

    fileprivate init(document: StoredDocument) throws(DocumentError) {
        path = try document.string("path")
        switch try document.string("kind") {
        case "folder": kind = .folder
        case "link": kind = .link(target: try document.string("target"))
        case "file":
            let mode = try document.string("mode")
            guard mode == "755" || mode == "644" else { throw DocumentError("a tree: \"\(path)\" has the unknown mode \(mode)") }
            kind = .file(
                FileTree.File(
                    digest: try document.digest("digest"), byteCount: try document.count("bytes"), isExecutable: mode == "755",
                    map: try document.optionalDigest("map")))
        case let other: throw DocumentError("a tree: \"\(path)\" is of the unknown kind \(other)")
        }
    }

    /// The canonical bytes of `json`.
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object {
            if case .file(let file) = kind {
                $0.key("bytes")
                $0.integer(file.byteCount)
                $0.key("digest")
                $0.digest(file.digest)
            }
            $0.key("kind")
            switch kind {
            case .folder: $0.string("folder")
            case .link: $0.string("link")
            case .file(let file):
                $0.string("file")
                if let map = file.map {
                    $0.key("map")
                    $0.digest(map)
                }
                $0.key("mode")
                $0.string(file.isExecutable ? "755" : "644")
            }
            $0.key("path")
            $0.string(path)
            if case .link(let target) = kind {
                $0.key("target")
                $0.string(target)
            }
        }
    }

    fileprivate init?(scanning scanner: inout CanonicalScanner) {
        if scanner.skip("{\"bytes\":") {
            guard let count = scanner.count(), scanner.skip(",\"digest\":"), let digest = scanner.digest(),
                scanner.skip(",\"kind\":\"file\"")
            else { return nil }
            var map: Digest?
            if scanner.skip(",\"map\":") {
                guard let digest = scanner.digest() else { return nil }
                map = digest
            }
            let isExecutable = scanner.skip(",\"mode\":\"755\"")
            guard isExecutable || scanner.skip(",\"mode\":\"644\"") else { return nil }
            kind = .file(FileTree.File(digest: digest, byteCount: count, isExecutable: isExecutable, map: map))
        } else if scanner.skip("{\"kind\":\"folder\"") {
            kind = .folder
        } else if scanner.skip("{\"kind\":\"link\"") {
            kind = .link(target: "")
        } else {
            return nil
        }
        guard scanner.skip(",\"path\":"), let path = scanner.string() else { return nil }
        self.path = path
        if case .link = kind {
            guard scanner.skip(",\"target\":"), let target = scanner.string() else { return nil }
            kind = .link(target: target)
        }
        guard scanner.skip("}") else { return nil }
    }
}

extension FileTree {
    /// Reads a tree's manifest from its canonical bytes; nil where a reader of JSON values has to look.
    init?(scanning bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = CanonicalScanner(bytes)
        self.init(scanning: &scanner)
        if !scanner.isAtEnd { return nil }
    }

    init?(scanning scanner: inout CanonicalScanner) {
        guard scanner.skip("{\"entries\":[") else { return nil }
        var entries: [Entry] = []
        var (total, files) = (0, 0)
        if !scanner.skip("]") {
            repeat {
                guard let entry = Entry(scanning: &scanner) else { return nil }
                if let last = entries.last, !last.path.utf8.lexicographicallyPrecedes(entry.path.utf8) { return nil }
                if case .file(let file) = entry.kind {
                    guard let sum = try? StoredDocument.sum(total, file.byteCount) else { return nil }
                    (total, files) = (sum, files + 1)
                }
                entries.append(entry)
            } while scanner.skip(",")
            guard scanner.skip("]") else { return nil }
        }
        guard scanner.skip(",\"schema\":\"headwater.tree/1\",\"totals\":{\"bytes\":"), scanner.count() == total,
            scanner.skip(",\"files\":"), scanner.count() == files, scanner.skip("}}"),
            let tree = try? FileTree(entries: entries)
        else { return nil }
        self = tree
    }
}
