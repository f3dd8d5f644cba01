public import HeadwaterModel
import HeadwaterStore

/// A published file or folder that only one of two runs has, or that has other bytes.
public struct PublicationDifference: Sendable {
    public let before: RunManifest.Publication?
    public let after: RunManifest.Publication?
    /// Of a folder each file that differs, else the one file.
    public let files: [File]

    public var name: String { after?.name ?? before?.name ?? "" }

    public struct File: Sendable {
        /// In a published folder; empty where the file is all there is.
        public var path: String
        /// Nil where only the other has it.
        public var before: Digest?
        public var after: Digest?
        /// Of what the two do not share at their start and end; nil where there is one file only, or too much to compare line by
        /// line.
        public var lines: Lines?
    }

    /// Where two files differ, by lines and bytes of the files.
    public struct Lines: Sendable {
        public var difference: TextDifference
        /// The bytes that were compared, of both.
        public var before: [UInt8]
        public var after: [UInt8]
        /// Lines before those that were compared; the two share them.
        public var firstLine: Int
        /// Bytes likewise.
        public var firstByte: Int
    }

    /// Bytes of each side. What is longer, once what is equal at both ends is left out, is not compared by line: so much fits
    /// into memory anywhere, and nobody reads more.
    public static let mostCompared = 16 << 20

    /// Those of the publications that differ, by name.
    static func all(_ before: RunManifest, _ after: RunManifest, store: Store) throws -> [PublicationDifference] {
        let old = Dictionary(before.publications.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let new = Dictionary(after.publications.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return try Set(old.keys).union(new.keys).sorted().compactMap { name in
            let (a, b) = (old[name], new[name])
            // Another record behind equal bytes is a difference of the stage.
            let isMoved = a?.path != b?.path
            if !isMoved, a?.file == b?.file { return nil }
            let difference = try PublicationDifference(a, b, store: store)
            return isMoved || !difference.files.isEmpty ? difference : nil
        }
    }

    private init(_ before: RunManifest.Publication?, _ after: RunManifest.Publication?, store: Store) throws {
        (self.before, self.after) = (before, after)
        let old = try before.map { try Files($0, store) }
        let new = try after.map { try Files($0, store) }
        let paths = Set((old?.all ?? [:]).keys).union((new?.all ?? [:]).keys)
        files = try paths.sorted { $0.lexicographicallyPrecedes($1) }.compactMap { path in
            let (a, b) = (old?.all[path], new?.all[path])
            if let a, let b, a.digest == b.digest { return nil }
            var file = File(path: String(decoding: path, as: UTF8.self), before: a?.digest, after: b?.digest, lines: nil)
            if let a, let b { file.lines = try Lines(a.parts, b.parts, store) }
            return file
        }
    }

    /// The files of a publication, and where the bytes of each lie.
    fileprivate struct Files {
        struct Part {
            var blob: Digest
            /// All of it if nil.
            var range: Range<Int>?
        }
        /// By the bytes of their paths.
        var all: [[UInt8]: (digest: Digest, parts: [Part])] = [:]

        init(_ publication: RunManifest.Publication, _ store: Store) throws {
            let content = try PublishedContent(publication, store: store)
            if publication.isFolder {
                try content.forEachFile { all[Array($0.path.utf8)] = ($0.digest, [Part(blob: $1, range: $2)]) }
            } else {
                all[[]] = (publication.file, content.blobs.bytes.map { Part(blob: $0, range: nil) })
            }
        }
    }
}

extension PublicationDifference.Lines {
    /// Nil where there is too much to compare.
    fileprivate init?(
        _ old: [PublicationDifference.Files.Part], _ new: [PublicationDifference.Files.Part], _ store: Store
    ) throws {
        // Parts of equal bytes at both ends are read only to count their lines.
        var (a, b) = (old[...], new[...])
        (firstLine, firstByte) = (0, 0)
        while let x = a.first, let y = b.first, x.blob == y.blob, x.range == nil, y.range == nil {
            let bytes = try store.blob(x.blob)
            firstLine += bytes.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
            firstByte += bytes.count
            (a, b) = (a.dropFirst(), b.dropFirst())
        }
        while let x = a.last, let y = b.last, x.blob == y.blob, x.range == nil, y.range == nil {
            (a, b) = (a.dropLast(), b.dropLast())
        }
        func bytes(_ parts: ArraySlice<PublicationDifference.Files.Part>) throws -> [UInt8]? {
            var out: [UInt8] = []
            for part in parts {
                let blob = try store.blob(part.blob)
                out += blob[part.range?.clamped(to: 0..<blob.count) ?? 0..<blob.count]
                if out.count > PublicationDifference.mostCompared { return nil }
            }
            return out
        }
        guard let x = try bytes(a), let y = try bytes(b) else { return nil }
        (before, after) = (x, y)
        difference = TextDifference(x, y)
    }
}
