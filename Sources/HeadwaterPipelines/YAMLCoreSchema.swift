import HeadwaterModel

/// Values of plain scalars by the core schema of YAML 1.2.2, section 10.3.2: `no` and `on` are texts, `1e3` is a number.
enum YAMLCoreSchema {
    /// Why a scalar looks like a number but is none that a pipeline can hold.
    struct Fault: Error {
        var message: String
        var expected: String
    }

    static func value(of text: String) throws(Fault) -> JSON {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        let bytes = Array(text.utf8)
        if let integer = try integer(bytes, text) { return .integer(integer) }
        if let decimal = try decimal(bytes, text) { return .decimal(decimal) }
        return .string(text)
    }

    /// `[-+]?[0-9]+`, `0o[0-7]+` or `0x[0-9a-fA-F]+`; nil for anything else.
    private static func integer(_ bytes: [UInt8], _ text: String) throws(Fault) -> Int? {
        var digits = bytes[...]
        var radix = 10
        var isNegative = false
        if bytes.starts(with: "0x".utf8) || bytes.starts(with: "0o".utf8) {
            radix = bytes[1] == UInt8(ascii: "x") ? 16 : 8
            digits = bytes.dropFirst(2)
        } else if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            digits = digits.dropFirst()
        }
        guard !digits.isEmpty, digits.allSatisfy({ isDigit($0, radix: radix) }) else { return nil }
        let magnitude = String(decoding: digits, as: UTF8.self)
        guard let value = Int((isNegative ? "-" : "") + magnitude, radix: radix) else {
            throw Fault(
                message: "the integer \(Wording.quoted(text)) is too large",
                expected: "an integer of at most 64 bits, or the text in quotes")
        }
        return value
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`; nil for anything else.
    private static func decimal(_ bytes: [UInt8], _ text: String) throws(Fault) -> Double? {
        var index = 0
        func at(_ letters: StaticString) -> Bool {
            index < bytes.count && letters.withUTF8Buffer { $0.contains(bytes[index]) }
        }
        func digits() -> Int {
            let start = index
            while index < bytes.count, isDigit(bytes[index], radix: 10) { index += 1 }
            return index - start
        }
        if at("-+") { index += 1 }
        let rest = String(decoding: bytes[index...], as: UTF8.self)
        let isNotANumber = index == 0 && [".nan", ".NaN", ".NAN"].contains(rest)
        if [".inf", ".Inf", ".INF"].contains(rest) || isNotANumber {
            throw Fault(message: "\(text) is not a value", expected: "a finite number, or the text in quotes")
        }
        let whole = digits()
        var fraction = 0
        if at(".") {
            index += 1
            fraction = digits()
        }
        guard whole + fraction > 0 else { return nil }
        if at("eE") {
            index += 1
            if at("-+") { index += 1 }
            guard digits() > 0 else { return nil }
        }
        guard index == bytes.count else { return nil }
        guard let value = Double(text), value.isFinite else {
            throw Fault(
                message: "the number \(Wording.quoted(text)) is too large",
                expected: "a number within ±1.7976931348623157e+308, or the text in quotes")
        }
        return value
    }

    private static func isDigit(_ byte: UInt8, radix: Int) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "7"): true
        case UInt8(ascii: "8")...UInt8(ascii: "9"): radix >= 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): radix == 16
        default: false
        }
    }
}
