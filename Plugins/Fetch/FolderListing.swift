import Glibc

/// The names in one folder, packed into one buffer and in the order in which paths through them stand: that of the
/// bytes, where a folder's name is followed by the slash that it has in every path below it.
struct FolderListing {
    /// Each name, followed by a NUL as the system wants it.
    private(set) var bytes: [UInt8] = []
    private(set) var names: [Name] = []

    struct Name {
        fileprivate var start: Int
        fileprivate var count: Int
        fileprivate var isFolder: Bool

        /// Where the name stands in `bytes`.
        var range: Range<Int> { start..<start + count }
    }

    /// Reads an open folder to its end.
    init(_ stream: OpaquePointer) throws(SystemFault) {
        let descriptor = dirfd(stream)
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw SystemFault(errno) }
                break
            }
            // Reached through the pointer: an entry is only as long as its name, not as its declared type.
            let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
            let text = start.assumingMemoryBound(to: CChar.self)
            let count = strlen(text)
            if text[0] == 0x2E && (count == 1 || (count == 2 && text[1] == 0x2E)) { continue }
            names.append(Name(start: bytes.count, count: count, isFolder: isFolder(text, entry.pointee.d_type, descriptor)))
            bytes.append(contentsOf: UnsafeRawBufferPointer(start: text, count: count + 1))
        }
        bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            names.sort { FolderListing.precedes($0, $1, base) }
        }
    }

    /// What a link leads to counts: it is entered when it is a folder.
    private func isFolder(_ name: UnsafePointer<CChar>, _ type: UInt8, _ folder: Int32) -> Bool {
        switch Int(type) {
        case Int(DT_DIR): return true
        case Int(DT_LNK), Int(DT_UNKNOWN):
            var status = stat()
            return fstatat(folder, name, &status, 0) == 0 && status.st_mode & S_IFMT == S_IFDIR
        default: return false
        }
    }

    private static func precedes(_ a: Name, _ b: Name, _ bytes: UnsafePointer<UInt8>) -> Bool {
        let order = memcmp(bytes + a.start, bytes + b.start, min(a.count, b.count))
        if order != 0 { return order < 0 }
        // One begins with the other. No name holds a slash, so that the two never come out equal here.
        if a.count < b.count { return !a.isFolder || 0x2F < bytes[b.start + a.count] }
        return b.count < a.count && b.isFolder && bytes[a.start + b.count] < 0x2F
    }
}
