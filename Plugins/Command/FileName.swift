/// The path of a file, and the words that stand for it in a command: `{}` is the path, `{.}` the path without the ending of its name.
struct FileName {
    private let path: String

    init(_ path: String) { self.path = path }

    static func isMeant(by text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: "{}".utf8) || bytes[$0...].starts(with: "{.}".utf8) }
    }

    /// The text with the words replaced; what a path holds is not looked at again.
    func filled(into text: String) -> String {
        guard FileName.isMeant(by: text) else { return text }
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            if rest.starts(with: "{}".utf8) {
                out += path.utf8
                rest = rest.dropFirst(2)
            } else if rest.starts(with: "{.}".utf8) {
                out += stem.utf8
                rest = rest.dropFirst(3)
            } else {
                out.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// A name that begins with its only point has no ending.
    private var stem: Substring {
        let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        guard let point = path.lastIndex(of: "."), point > name else { return path[...] }
        return path[..<point]
    }
}
