/// The head of an answer as far as it matters here: collected line by line, the last one if there are several.
package struct ResponseHead {
    package private(set) var status = 0
    /// Of all heads so far, also those before the last.
    package private(set) var byteCount = 0
    private var values: [String: String] = [:]
    /// Once the body begins, what still comes is its trailer.
    var isOver = false

    private static let wanted: Set<String> = ["content-type", "etag", "last-modified", "retry-after", "location"]

    package init() {}

    package mutating func take(_ line: UnsafeRawBufferPointer) {
        byteCount += line.count
        if isOver { return }
        if line.starts(with: "HTTP/".utf8) {
            values = [:]
            let digits = line.drop { $0 != 0x20 }.dropFirst().prefix { 0x30...0x39 ~= $0 }.prefix(3)
            status = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = String(decoding: line[..<colon].map(ASCII.lowercased), as: UTF8.self)
        guard ResponseHead.wanted.contains(name), values[name] == nil else { return }
        let value = ASCII.trimmed(Array(line[(colon + 1)...])[...])
        // What goes into keys or back to the server is plain text; a URL is checked when it is taken apart.
        if name == "location" || value.allSatisfy({ 0x20..<0x7F ~= $0 || $0 == 0x09 }) {
            values[name] = String(decoding: value, as: UTF8.self)
        }
    }

    /// A header's value by its name in lower case; nil where it was not given.
    package subscript(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    var isSuccess: Bool { (200...299).contains(status) }
}
