import Glibc
public import HeadwaterModel

/// Everything that lies in a store's folder, whether it counts or not: for who looks for what must not be there.
///
/// Packs are read entry by entry, without their index, and those under `tmp/` as well. So what is condemned is met, and what an
/// index leaves out.
public struct StoreContents {
    /// One thing that was found.
    public enum Thing: Sendable {
        /// A blob, in a pack or a file of its own.
        case blob(Digest, [UInt8])
        /// A blob of which only the digest can be read.
        case damagedBlob(Digest)
        case binding(Binding)
        /// Where the original of a blob lies that was left in its place.
        case reference(Digest, path: [UInt8])
        /// A digest that the condemned list has.
        case condemned(Digest)
        /// A file that is none of these, as it is.
        case file([UInt8])
        /// Only its name is looked at: a folder, or the store's own file `format`.
        case name
    }

    private let layout: StoreLayout

    public init(at path: String) throws(StoreError) {
        layout = StoreLayout(root: path, disk: Disk())
        try layout.check()
    }

    /// Calls `body` with each thing and the path of its file, relative to the store's folder, in the order of the paths.
    public func forEach(_ body: (Thing, _ path: String) throws -> Void) throws { try visit("", body) }

    private func visit(_ folder: String, _ body: (Thing, String) throws -> Void) throws {
        for name in try layout.disk.names(layout.root + "/" + folder) ?? [] {
            let path = folder.isEmpty ? name : folder + "/" + name
            let place = layout.root + "/" + path
            if layout.disk.isFolder(place), !layout.disk.isLink(place) {
                try body(.name, path)
                try visit(path, body)
            } else if name.hasSuffix(".pack") || name.hasSuffix(".copy") {
                try readPack(place) { try body($0, path) }
            } else if folder.hasPrefix("blobs") || folder.hasPrefix("references"), let digest = Digest(hex: name) {
                try body(try readFile(of: digest, isReference: folder.hasPrefix("references")), path)
            } else if path == "condemned", let list = try Condemned.read(layout) {
                for digest in list.digests { try body(.condemned(digest), path) }
            } else {
                try body(path == "format" ? .name : try readOther(place), path)
            }
        }
    }

    private func readPack(_ path: String, _ body: (Thing) throws -> Void) throws {
        guard let file = try File(ifExists: path, .read, on: layout.disk) else { return }
        let scan = try PackScan(file)
        for row in scan.blobs {
            let place = EntryPlace(holder: .open(file), offset: row.offset, stored: row.stored)
            try body(try StoreContents.blob(row.key, at: place))
        }
        for row in scan.lostBlobs { try body(.damagedBlob(row.key)) }
        for row in scan.bindings {
            let place = EntryPlace(holder: .open(file), offset: row.offset, stored: row.stored)
            if let payload = try place.payload(.binding, nil), let binding = Binding(canonical: payload) {
                try body(.binding(binding))
            }
        }
    }

    private static func blob(_ digest: Digest, at place: EntryPlace) throws(StoreError) -> Thing {
        do throws(StoreError) {
            return try place.payload(.blob, digest).map { .blob(digest, $0) } ?? .name
        } catch  where error.isDamage {
            return .damagedBlob(digest)
        }
    }

    private func readFile(of digest: Digest, isReference: Bool) throws(StoreError) -> Thing {
        do throws(StoreError) {
            if isReference {
                return try Reference.read(digest, in: layout).map { .reference(digest, path: $0.path) } ?? .name
            }
            return try BlobFile.read(digest, in: layout).map { .blob(digest, $0) } ?? .name
        } catch  where error.isDamage {
            return .damagedBlob(digest)
        }
    }

    private func readOther(_ path: String) throws(StoreError) -> Thing {
        // A pipe or a device is none of ours, and would never end.
        guard layout.disk.isFile(path), !layout.disk.isLink(path),
            let file = try File(ifExists: path, .read, on: layout.disk)
        else { return .name }
        return .file(try file.read(at: 0, count: try file.size()))
    }
}
