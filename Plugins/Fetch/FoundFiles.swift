import HeadwaterPluginKit

/// The files that the entries of `from` find, by their paths, each with the folder that its locator counts from.
///
/// An object, so that a walk can add to it while somebody else holds it.
final class FoundFiles {
    /// A folder that locators count from.
    struct Root {
        /// Absolute and normalised.
        let path: [UInt8]
        /// Its last name as it was written, so that no name of this machine's folders gets into a locator; `.` where
        /// nothing was written.
        let name: [UInt8]

        init(path: [UInt8], written: [UInt8]) {
            self.path = path
            let last = PathText.split(written).name
            name = last.isEmpty ? Array(".".utf8) : last
        }

        /// Where in the path of a file below it the part begins that counts from it.
        var relativeStart: Int { path.last == PathText.slash ? path.count : path.count + 1 }
    }

    /// In the order in which their entries are written.
    private var roots: [Root] = []
    /// By path; the value is the root's number and the stamp. A file that two entries find is there twice.
    private var sorter = SpoolSorter()
    /// Why not all of them could be kept.
    private var failure: (any Error)?

    var count: Int { sorter.count }

    func addRoot(_ root: Root) -> Int {
        roots.append(root)
        return roots.count - 1
    }

    /// For a root that shows only when its files are found.
    func setRoot(_ number: Int, _ root: Root) { roots[number] = root }

    func add(_ path: [UInt8], _ stamp: FileStamp, root: Int) {
        if failure != nil { return }
        do {
            try path.withUnsafeBytes { key in
                try sorter.append(key) { value in
                    withUnsafeBytes(of: (root, stamp.size, stamp.modified, stamp.changed, stamp.inode)) {
                        value.append(contentsOf: $0)
                    }
                }
            }
        } catch {
            failure = error
        }
    }

    /// Appends each file once, as the first entry names it that finds it.
    func append(to list: inout FoundSourceList) throws {
        if let failure { throw failure }
        let found = sorter
        sorter = SpoolSorter()
        let files = try found.sorted()
        let names = try names(files)
        var full: [UInt8] = []
        try forEachOnce(files) { path, root, stamp in
            full.removeAll(keepingCapacity: true)
            if let name = names?[root] {
                full += name
                if full.last != PathText.slash { full.append(PathText.slash) }
            }
            full.append(contentsOf: path[roots[root].relativeStart...])
            if Locator.isPlain(full) {
                try full.withUnsafeBytes { try list.append(locator: $0, path: path, stamp) }
            } else {
                var locator = Locator.text(full[...])
                try locator.withUTF8 { try list.append(locator: UnsafeRawBufferPointer($0), path: path, stamp) }
            }
        }
    }

    private func forEachOnce(
        _ files: SpooledElements, _ body: (_ path: UnsafeRawBufferPointer, _ root: Int, _ stamp: FileStamp) throws -> Void
    ) throws {
        var last: [UInt8] = []
        try files.forEach { file in
            if last.elementsEqual(file.key) { return }
            last.removeAll(keepingCapacity: true)
            last.append(contentsOf: file.key)
            func number(_ index: Int) -> Int { file.value.loadUnaligned(fromByteOffset: index * 8, as: Int.self) }
            let stamp = FileStamp(
                size: number(1), modified: number(2), changed: number(3), inode: UInt64(bitPattern: Int64(number(4))))
            try body(file.key, number(0), stamp)
        }
    }

    /// What stands before a locator, by the root's number; nil where files lie below one root alone.
    private func names(_ files: SpooledElements) throws -> [[UInt8]]? {
        guard roots.contains(where: { $0.path != roots[0].path }) else { return nil }
        var isUsed = [Bool](repeating: false, count: roots.count)
        try forEachOnce(files) { _, root, _ in isUsed[root] = true }
        var names: [[UInt8]: [UInt8]] = [:]
        var unused = UnusedNames()
        for (root, isUsed) in zip(roots, isUsed) where isUsed && names[root.path] == nil {
            names[root.path] = unused.name(like: root.name)
        }
        return names.count > 1 ? roots.map { names[$0.path] ?? [] } : nil
    }
}

/// Names made unique by numbers, in the order in which they are asked for.
private struct UnusedNames {
    private var used: Set<[UInt8]> = []
    private var counts: [[UInt8]: Int] = [:]

    mutating func name(like name: [UInt8]) -> [UInt8] {
        var unused = name
        var number = counts[name] ?? 1
        while !used.insert(unused).inserted {
            number += 1
            unused = name + "-\(number)".utf8
        }
        counts[name] = number
        return unused
    }
}
