import Glibc
import HeadwaterModel

/// Where the bytes of a blob lie that the store does not hold: in a file outside that was left in its place, the
/// original. A small file of the store, under the blob's digest.
///
///     0  8  magic          89 48 57 52 45 46 52 0A
///     8  4  version        1
///    12  4  path           number of its bytes
///    16  8  length         of the blob
///    24 32  digest         of the blob
///    56  …  path           absolute; bytes, as the system takes them
///     …  4  checksum of all bytes before
struct Reference: Hashable, Sendable {
    static let headSize = 56
    static let magic: [UInt8] = [0x89] + Array("HWREFR\n".utf8)
    static let version: UInt32 = 1

    var digest: Digest
    var path: [UInt8]
    var length: Int

    var bytes: [UInt8] {
        var out = Reference.magic
        out.append(little: Reference.version)
        out.append(little: UInt32(truncatingIfNeeded: path.count))
        out.append(little: UInt64(length))
        out.append(contentsOf: digest.bytes)
        out.append(contentsOf: path)
        out.append(little: Checksum.of(out))
        return out
    }

    init(digest: Digest, path: [UInt8], length: Int) {
        self.digest = digest
        self.path = path
        self.length = length
    }

    /// Nil if these are not all the bytes of a reference.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > Reference.headSize + 4, bytes.starts(with: Reference.magic),
            Checksum.of(Array(bytes.dropLast(4))) == bytes.withUnsafeBytes({ $0.little(UInt32.self, at: $0.count - 4) })
        else { return nil }
        let (version, count, length) = bytes.withUnsafeBytes {
            ($0.little(UInt32.self, at: 8), $0.little(UInt32.self, at: 12), $0.little(UInt64.self, at: 16))
        }
        guard version == Reference.version, bytes.count == Reference.headSize + Int(count) + 4,
            let length = Int(exactly: length), let digest = Digest(bytes: bytes[24..<Reference.headSize])
        else { return nil }
        self.init(digest: digest, path: Array(bytes[Reference.headSize..<bytes.count - 4]), length: length)
    }

    /// The reference to this blob; nil if there is none.
    ///
    /// - Throws: an error of kind `damaged` if the file is not what a writer wrote.
    static func read(_ digest: Digest, in layout: StoreLayout) throws(StoreError) -> Reference? {
        let path = layout.references.path(of: digest)
        guard let file = try File(ifExists: path, .read, on: layout.disk) else { return nil }
        // No path that can be opened is longer than a page, PATH_MAX.
        guard let reference = Reference(try file.read(at: 0, count: Reference.headSize + (1 << 16))), reference.digest == digest
        else {
            throw StoreError(
                .damaged(digest), path, "the file does not say where the original of \(digest) lies",
                remedy: "run the pipeline again that read it")
        }
        return reference
    }

    func write(in layout: StoreLayout) throws(StoreError) {
        try layout.references.write(digest, [bytes], in: layout, "reference")
    }
}

// MARK: The original

extension Reference {
    /// The original's path as messages show it.
    private var shown: String { String(decoding: path, as: UTF8.self) }

    /// Whether a file of the right length is there. Its bytes are checked when they are read.
    var isThere: Bool {
        var status = stat()
        let found = path.map(CChar.init(bitPattern:)) + [0]
        return stat(found, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && Int(status.st_size) == length
    }

    /// The blob, read from the original and checked.
    ///
    /// - Throws: an error of kind `damaged` if the original has changed, `missingBlob` if it is gone or cannot be read.
    func payload(on disk: Disk) throws(StoreError) -> [UInt8] {
        let bytes = try opened(on: disk).read(at: 0, count: length)
        try check(Digest(of: bytes))
        return bytes
    }

    /// Reads the original piece by piece; throws as `payload` does.
    func check(on disk: Disk) throws(StoreError) {
        let file = try opened(on: disk)
        var hasher = DigestHasher()
        var offset = 0
        while offset < length {
            let piece = try file.read(at: offset, count: min(1 << 20, length - offset))
            if piece.isEmpty { break }
            hasher.update(piece)
            offset += piece.count
        }
        try check(hasher.finish())
    }

    private func opened(on disk: Disk) throws(StoreError) -> File {
        let file: File
        do throws(StoreError) {
            file = try File(original: path, on: disk)
        } catch {
            // Too many open files, or no memory, say nothing of the original.
            if [.system(EMFILE), .system(ENFILE), .system(ENOMEM)].contains(error.kind) { throw error }
            throw lost(.missingBlob(digest), "cannot be read: \(error.fact)")
        }
        guard let size = try file.regularSize() else { throw lost(.missingBlob(digest), "cannot be read: it is no file") }
        guard size == length else {
            throw lost(.damaged(digest), "has changed: it has \(size) bytes where \(length) were expected")
        }
        return file
    }

    private func check(_ found: Digest) throws(StoreError) {
        if found != digest { throw lost(.damaged(digest), "has changed: its digest is \(found) now") }
    }

    private func lost(_ kind: StoreError.Kind, _ fact: String) -> StoreError {
        StoreError(
            kind, shown, "the original of \(digest) was left in place, and \(fact)",
            remedy: "put it back as it was, or run again with 'snapshot: copy' to keep what is there now in the store")
    }
}
