/// Many canonical JSON objects, one a line: how shards and side blobs are kept.
public enum JSONLines {
    /// The byte ranges of the lines, without their line breaks. A last line may lack its line break.
    public static func ranges(_ bytes: [UInt8]) -> [Range<Int>] {
        var out: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            if end > start { out.append(start..<end) }
            start = end + 1
        }
        return out
    }

    public static func encode(_ values: some Sequence<JSON>) -> [UInt8] {
        encode(canonical: values.lazy.map(\.canonical))
    }

    /// - Parameter values: the canonical bytes of an object each.
    public static func encode(canonical values: some Sequence<[UInt8]>) -> [UInt8] {
        var out: [UInt8] = []
        for value in values {
            out.append(contentsOf: value)
            out.append(UInt8(ascii: "\n"))
        }
        return out
    }

    public static func decode(_ bytes: [UInt8]) throws(JSONError) -> [JSON] {
        var out: [JSON] = []
        for range in ranges(bytes) {
            var reader = JSONReader(bytes, in: range)
            out.append(try reader.value())
            try reader.end()
        }
        return out
    }
}
