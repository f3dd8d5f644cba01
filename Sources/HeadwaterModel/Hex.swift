/// Lower-case hexadecimal, the one way Headwater writes bytes as text.
public enum Hex {
    public static func encode(_ bytes: some Collection<UInt8>) -> String { encode(bytes, after: "") }

    /// The digits behind some ASCII text, in one string.
    static func encode(_ bytes: some Collection<UInt8>, after prefix: StaticString) -> String {
        prefix.withUTF8Buffer { prefix in
            String(unsafeUninitializedCapacity: prefix.count + bytes.count * 2) { out in
                var (_, end) = out.initialize(from: prefix)
                for byte in bytes {
                    out[end] = digit(byte >> 4)
                    out[end + 1] = digit(byte & 15)
                    end += 2
                }
                return end
            }
        }
    }

    static func append(_ bytes: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        for byte in bytes {
            out.append(digit(byte >> 4))
            out.append(digit(byte & 15))
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// The bytes these digits stand for; nil for an odd count or any other character, upper case included.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        if let bytes = text.withContiguousStorageIfAvailable(decode(buffer:)) { return bytes }
        return decode(Array(text))
    }

    private static func decode(buffer: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard buffer.count.isMultiple(of: 2) else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(buffer.count / 2)
        for index in stride(from: 0, to: buffer.count, by: 2) {
            guard let high = value(buffer[index]), let low = value(buffer[index + 1]) else { return nil }
            out.append(high << 4 | low)
        }
        return out
    }

    /// What a digit stands for.
    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
