import HeadwaterModel

/// Lists the lines of a JSON Lines file (https://jsonlines.org). Each is called by a field that names it, so that one which
/// moves stays the same source; else by a digest of its bytes.
struct LineListing {
    /// The fields that may name a line, the first that is there counts.
    let names: [[UInt8]]

    /// A longer line is none.
    static let maximumLine = 256 << 20
    /// Hexadecimal digits of a digest that name a line.
    private static let digits = 16
    private static let facts = [MemberFact.form: "json"]

    /// False where the first line is no JSON object.
    func list(_ stream: ByteStream, _ found: (ListedMember) throws -> Void) throws -> Bool {
        if try stream.peek(3, { $0.starts(with: [0xEF, 0xBB, 0xBF]) }) { try stream.skip(3) }
        var number = 0
        var isFirst = true
        while try !stream.hasEnded() {
            number += 1
            let start = stream.position
            guard let length = try stream.distance(to: 0x0A, limit: LineListing.maximumLine) else {
                throw MemberFault("line \(number) is longer than \(LineListing.maximumLine) bytes")
            }
            let (name, kept) = try stream.peek(length) { bytes in
                let line = UnsafeRawBufferPointer(rebasing: bytes[..<length])
                return (try self.name(line, isFirst: isFirst), LineListing.trimmedLength(line))
            }
            try stream.skip(length + 1)
            guard kept > 0 else { continue }
            guard let name else { return false }
            isFirst = false
            try found(
                ListedMember(
                    name: .text(name), number: number,
                    layers: [Container.Layer(.stored, ByteRange(start: start, length: kept))], size: kept,
                    facts: LineListing.facts))
        }
        return !isFirst
    }

    /// Without white space at the end.
    private static func trimmedLength(_ line: UnsafeRawBufferPointer) -> Int {
        var length = line.count
        while length > 0, ASCII.isSpace(line[length - 1]) { length -= 1 }
        return length
    }

    /// Nil for a first line that is no object: the file is something else.
    private func name(_ line: UnsafeRawBufferPointer, isFirst: Bool) throws -> String? {
        do {
            let fields = try JSONFields(line, names: names)
            for value in fields.values {
                switch value {
                case .text(let range)? where !range.isEmpty:
                    return LineListing.shown(Escape.json.decode(Array(line[range])))
                case .literal(let range)? where !line[range].elementsEqual("null".utf8):
                    return LineListing.shown(Array(line[range]))
                default: continue
                }
            }
        } catch {
            // A line that is no object is told by `describe`, which drops it; here it needs a name.
            if isFirst { return nil }
        }
        let kept = LineListing.trimmedLength(line)
        return String(Digest(of: line[..<kept]).hex.prefix(LineListing.digits))
    }

    /// On one line, and not beyond all measure.
    static func shown(_ name: [UInt8]) -> String {
        var text = Locator.text(name[...])
        // A URL is already percent-encoded.
        if name.contains(UInt8(ascii: "%")), name.allSatisfy({ 0x20..<0x7F ~= $0 }) {
            text = String(decoding: name, as: UTF8.self)
        }
        guard text.utf8.count > longest else { return text }
        return String(text.prefix(longest / 4)) + "…" + String(Digest(of: name).hex.prefix(digits))
    }

    /// Bytes of a name; what is longer is cut, with a digest behind it.
    private static let longest = 2048
}
