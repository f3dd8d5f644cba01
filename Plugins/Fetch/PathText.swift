/// Paths as bytes: names need not be UTF-8.
enum PathText {
    static let slash = UInt8(ascii: "/")

    /// The path without empty and `.` parts, each `..` resolved in the text (as a shell's `cd` does, and not through
    /// the target of a link), relative where the given one is. The folder itself is empty.
    static func normalized(_ path: some Collection<UInt8>) -> [UInt8] {
        let isAbsolute = path.first == slash
        var parts: [ArraySlice<UInt8>] = []
        for part in Array(path).split(separator: slash) where !part.elementsEqual(".".utf8) {
            if !part.elementsEqual("..".utf8) {
                parts.append(part)
            } else if let last = parts.last, !last.elementsEqual("..".utf8) {
                parts.removeLast()
            } else if !isAbsolute {
                parts.append(part)
            }
        }
        return (isAbsolute ? [slash] : []) + Array(parts.joined(separator: [slash]))
    }

    /// `path` counted from `base`, normalised.
    static func resolved(_ path: [UInt8], from base: [UInt8]) -> [UInt8] {
        path.first == slash ? normalized(path) : normalized(base + [slash] + path)
    }

    static func joined(_ folder: [UInt8], _ name: [UInt8]) -> [UInt8] {
        folder.isEmpty || folder.last == slash ? folder + name : folder + [slash] + name
    }

    /// The path of the folder that holds a normalised path, and the name in it.
    static func split(_ path: [UInt8]) -> (folder: [UInt8], name: [UInt8]) {
        guard let last = path.lastIndex(of: slash) else { return ([], path) }
        return (Array(path[..<max(last, 1)]), Array(path[(last + 1)...]))
    }

    /// The path below `folder`, if it lies there; both normalised.
    static func relative(_ path: [UInt8], to folder: [UInt8]) -> [UInt8]? {
        if folder == [slash] { return path.first == slash ? Array(path.dropFirst()) : nil }
        guard path.count > folder.count, path.starts(with: folder), path[folder.count] == slash else { return nil }
        return Array(path[(folder.count + 1)...])
    }

    /// For messages.
    static func shown(_ path: some Sequence<UInt8>) -> String { "'" + Locator.text(Array(path)[...]) + "'" }
}
