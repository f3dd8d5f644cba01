import Glibc

/// Where things are in a store's folder, and the file that says it is a store.
struct StoreLayout: Sendable {
    static let version = 1
    private static let signature = "headwater store "

    let root: String
    let disk: Disk
    var format: String { root + "/format" }
    var packs: String { root + "/packs" }
    var temporary: String { root + "/tmp" }
    var blobs: String { root + "/blobs" }
    /// Blobs too large for packs.
    var blobFiles: DigestFolder { DigestFolder(path: blobs, disk: disk) }
    /// What says where blobs lie that were left in place; there is no such folder before the first.
    var references: DigestFolder { DigestFolder(path: root + "/references", disk: disk) }
    var condemned: String { root + "/condemned" }
    /// The journal of an erasure, while one is not finished.
    var erasure: String { root + "/erasure" }

    /// Throws unless a store of a version we know is there.
    func check() throws(StoreError) {
        if !disk.isFolder(root), disk.isFile(root) {
            throw StoreError(.notAStore, root, "this is a file", remedy: "name the store's folder")
        }
        guard let file = try File(ifExists: format, .read, on: disk) else {
            // A folder with packs was a store: to make a new one of it would hide that.
            let packs = try disk.names(packs) ?? []
            if packs.contains(where: { $0.hasSuffix(".pack") }) {
                throw StoreError(
                    .damaged(nil), format, "the file is missing although there are packs",
                    remedy: "write it again, with the one line \"\(StoreLayout.signature)\(StoreLayout.version)\"")
            }
            throw StoreError(.missing, root, "there is no store", remedy: "run a pipeline first, or name another folder")
        }
        let text = String(decoding: try file.read(at: 0, count: 64), as: UTF8.self)
        guard text.hasPrefix(StoreLayout.signature), text.hasSuffix("\n"),
            let version = Int(text.dropFirst(StoreLayout.signature.count).dropLast()), version > 0
        else {
            throw StoreError(
                .notAStore, format, "expected \"\(StoreLayout.signature)\(StoreLayout.version)\"",
                remedy: "name the store's folder")
        }
        guard version <= StoreLayout.version else {
            throw StoreError(
                .newerFormat(version), format,
                "the store has version \(version) of the format; this program knows \(StoreLayout.version)",
                remedy: "use a newer Headwater")
        }
    }

    /// Makes sure that there is a store. The file that says so comes last, so that a half-made store is made again.
    func create() throws(StoreError) {
        do throws(StoreError) {
            try check()
        } catch  where error.kind == .missing {
            let above = try disk.make(root)
            for folder in [packs, temporary, blobs] { try disk.make(folder) }
            let (file, claim) = try Claim.create(in: self, "format")
            defer { withExtendedLifetime(claim) {} }
            try file.write(Array("\(StoreLayout.signature)\(StoreLayout.version)\n".utf8), at: 0)
            try file.sync()
            _ = try disk.rename(file.path, to: format)
            for folder in [root, Disk.parent(root)] + above { try disk.sync(folder) }
        }
        try complete()
    }

    /// Makes the folders of a store that are missing, as they may be in a copy that left empty ones out.
    func complete() throws(StoreError) {
        for folder in [packs, temporary, blobs] { try disk.make(folder) }
        guard access(temporary, W_OK | X_OK) == 0 else { throw .system(errno, temporary, "write to the folder") }
    }
}
