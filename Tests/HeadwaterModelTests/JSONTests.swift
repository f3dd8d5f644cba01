import HeadwaterTesting
import Testing

@testable import HeadwaterModel

@Suite struct JSONTests {
    @Test("names are ordered by UTF-16 code units, for all pairs of awkward ones")
    func nameOrder() {
        let letters = [
            "", "a", "b", "\u{7F}", "\u{E9}", "e\u{301}", "\u{7FF}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}",
            "\u{10FFFF}",
        ]
        let names = letters.flatMap { a in letters.map { a + $0 } }
        for a in names {
            for b in names {
                #expect(
                    JSONWriter.precedes(a, b) == a.utf16.lexicographicallyPrecedes(b.utf16),
                    "\(a.debugDescription) \(b.debugDescription)")
            }
        }
    }

    @Test("what must be escaped is found wherever it stands among eight bytes")
    func escapesAtEachPlace() {
        for character in (0..<0x80).map({ Unicode.Scalar(UInt8($0)) }) + ["\u{80}", "\u{E9}", "\u{10FFFF}"] {
            for before in 0..<18 {
                let text = String(repeating: "x", count: before) + String(Character(character)) + "yyyyyyyyy"
                let escaped: String
                switch character {
                case "\"", "\\": escaped = "\\" + String(Character(character))
                case "\n": escaped = "\\n"
                case "\r": escaped = "\\r"
                case "\t": escaped = "\\t"
                case "\u{8}": escaped = "\\b"
                case "\u{C}": escaped = "\\f"
                case let control where control.value < 0x20:
                    escaped = "\\u00" + (control.value < 16 ? "0" : "") + String(control.value, radix: 16)
                default: escaped = String(Character(character))
                }
                #expect(
                    String(decoding: JSON.string(text).canonical, as: UTF8.self)
                        == "\"" + String(repeating: "x", count: before) + escaped + "yyyyyyyyy\"")
            }
        }
    }

    @Test(
        "numbers are written as ECMAScript writes them (RFC 8785, appendix B)",
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"), (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"), (0xC340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"), (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"),
            (0x44B5_2D02_C7E1_4AF6, "1e+23"), (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"),
            (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"), (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"),
            (0x444B_1AE4_D6E2_EF50, "1e+21"), (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"),
            (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
            (0x41B3_DE43_5555_5553, "333333333.3333332"), (0x41B3_DE43_5555_5554, "333333333.33333325"),
            (0x41B3_DE43_5555_5555, "333333333.3333333"), (0x41B3_DE43_5555_5556, "333333333.3333334"),
            (0x41B3_DE43_5555_5557, "333333333.33333343"), (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
            (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func numbers(bits: UInt64, text: String) throws {
        let value = JSON.decimal(Double(bitPattern: bits))
        #expect(value.description == text)
        #expect(try JSON(parsing: Array(text.utf8)) == value)
    }

    @Test(
        "more numbers: exponents, rounding, what JSON cannot say",
        arguments: [
            (1e21, "1e+21"), (1e20, "100000000000000000000"), (1e-7, "1e-7"), (1.5e-7, "1.5e-7"), (0.1, "0.1"), (100, "100"),
            (123.456, "123.456"),
            (333333333.33333329, "333333333.3333333"), (2e-3, "0.002"), (4.50, "4.5"), (1e30, "1e+30"), (.nan, "null"),
            (.infinity, "null"),
        ] as [(Double, String)])
    func moreNumbers(value: Double, text: String) {
        #expect(JSON.decimal(value).description == text)
    }

    @Test("integers of all sizes are written and read exactly", arguments: [0, 9, 10, -1, -10, 1 << 53, Int.max, Int.min])
    func integers(value: Int) throws {
        #expect(JSON.integer(value).description == String(value))
        #expect(try JSON(parsing: Array(String(value).utf8)) == .integer(value))
    }

    @Test("the sorting example of RFC 8785, section 3.2.3: names in the order of their UTF-16 code units")
    func sorting() throws {
        let text =
            #"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#
        let expected =
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\u{FB33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        #expect(try JSON(parsing: Array(text.utf8)).canonical == Array(expected.utf8))
    }

    @Test("the example of RFC 8785, section 3.2.2: escapes, numbers and literals")
    func example() throws {
        let text = #"""
            { "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false] }
            """#
        let expected =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(try JSON(parsing: Array(text.utf8)).description == expected)
    }

    @Test("only what must be escaped is, in the shortest way")
    func shortestEscapes() throws {
        var expected = "\""
        for code in 0..<0x20 as Range<UInt8> {
            switch code {
            case 8: expected += "\\b"
            case 9: expected += "\\t"
            case 10: expected += "\\n"
            case 12: expected += "\\f"
            case 13: expected += "\\r"
            default: expected += "\\u00" + Hex.encode([code])
            }
        }
        expected += " \\\"\\\\/\u{7F}\u{80}\u{2028}😀\""
        let string =
            String(String.UnicodeScalarView((0..<0x20).map { Unicode.Scalar(UInt8($0)) })) + " \"\\/\u{7F}\u{80}\u{2028}😀"
        #expect(JSON.string(string).description == expected)
        #expect(try JSON(parsing: Array(expected.utf8)) == .string(string))
        var writer = JSONWriter()
        writer.string(utf8: Array(string.utf8))
        #expect(writer.bytes == Array(expected.utf8))
    }

    @Test("values are equal if and only if their canonical bytes are, and then hash alike")
    func equality() {
        let values: [JSON] = [
            nil, true, false, 0, 1, -1, .decimal(0), .decimal(-0.0), .decimal(1), .decimal(1.5), .decimal(1e300), .decimal(.nan),
            .integer(Int.max),
            .decimal(Double(Int.max)), "", "a", "\u{E9}", "e\u{301}", "1", "null", [], [1], [.decimal(1)], [1, 1], [[1]], [:],
            ["a": 1], ["a": .decimal(1)],
            ["b": 1], ["a": 1, "b": 1], ["\u{E9}": 1], ["e\u{301}": 1], ["a": ["\u{E9}"]], ["a": ["e\u{301}"]],
        ]
        for a in values {
            for b in values {
                #expect((a == b) == (a.canonical == b.canonical), "\(a) and \(b)")
                if a == b { #expect(a.hashValue == b.hashValue) }
            }
        }
    }

    @Test("what is written is read back as the same value, and written again as the same bytes")
    func roundTrip() throws {
        for seed in 0..<400 as Range<UInt64> {
            var source = RandomJSON(seed: seed)
            let value = source.value(depth: 4)
            let bytes = value.canonical
            let read = try JSON(parsing: bytes)
            #expect(read == value && read.canonical == bytes, "seed \(seed)")
        }
    }

    @Test(
        "what is not JSON, or could be read in two ways, is refused",
        arguments: [
            "", " ", "{", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1 \"b\":2}",
            "[1 2]", "1 2", "nul", "nulll",
            "True", "01", "-", "-01", "+1", "1.", ".5", "1.e3", "1e", "1e+", "0x10", "Infinity", "NaN", "1e400", "-1e400",
            "9223372036854775808",
            "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\u{1}\"", "\"\n\"", "'a'", "\"\\ud800\"",
            "\"\\udc00\"", "\"\\ud800\\u0041\"",
            "\"\\ud800x\"", "\"\\ud800\\n\"", "{\"a\":1,\"a\":1}", "{\"a\":{\"b\":1,\"b\":2}}", "{\"\\u0061\":1,\"a\":2}",
            "\u{FEFF}1", "// a\n1", "[1]]",
        ])
    func strictness(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: Array(text.utf8)) }
    }

    @Test(
        "bytes that are not UTF-8 are refused in values and in names",
        arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(throws: JSONError.self) { try JSON(parsing: [quote] + bytes + [quote]) }
        #expect(throws: JSONError.self) { try JSON(parsing: [UInt8(ascii: "{"), quote] + bytes + Array("\":1}".utf8)) }
    }

    @Test("nesting is read up to its limit and no deeper, without exhausting the stack")
    func depth() throws {
        func nested(_ depth: Int) -> [UInt8] { [UInt8](repeating: 0x5B, count: depth) + [UInt8](repeating: 0x5D, count: depth) }
        #expect(try JSON(parsing: nested(JSONReader.maximumDepth)).canonical == nested(JSONReader.maximumDepth))
        #expect(throws: JSONError.self) { try JSON(parsing: nested(JSONReader.maximumDepth + 1)) }
        #expect(throws: JSONError.self) { try JSON(parsing: [UInt8](repeating: 0x5B, count: 1_000_000)) }
    }

    @Test("an error says at which byte it is")
    func errorOffsets() {
        func offset(_ text: String) -> Int? {
            do {
                _ = try JSON(parsing: Array(text.utf8))
                return nil
            } catch { return error.offset }
        }
        #expect(offset("[1, x]") == 4)
        #expect(offset("{\"a\": 1} 2") == 9)
        #expect(offset("\"ab") == 3)
        #expect(offset("[1]") == nil)
    }

    @Test("damaged bytes are refused or read; nothing crashes, and what is read is a value")
    func mutations() throws {
        for seed in 0..<300 as Range<UInt64> {
            var source = RandomJSON(seed: seed)
            var bytes = source.value(depth: 3).canonical
            for _ in 0..<20 {
                source.damage(&bytes)
                if let value = try? JSON(parsing: bytes) { #expect(try JSON(parsing: value.canonical) == value, "seed \(seed)") }
                _ = try? Record(reading: bytes)
            }
        }
    }
}

/// Random values, hard cases among them.
struct RandomJSON {
    var generator: SplitMix

    init(seed: UInt64) { generator = SplitMix(seed: seed) }

    mutating func number(below limit: Int) -> Int { Int(generator.next() % UInt64(limit)) }

    mutating func value(depth: Int) -> JSON {
        switch number(below: depth > 0 ? 9 : 6) {
        case 0: return .null
        case 1: return .bool(number(below: 2) == 0)
        case 2: return .integer(Int(truncatingIfNeeded: generator.next() >> UInt64(number(below: 64))))
        case 3:
            let value = Double(bitPattern: generator.next())
            return .decimal(value.isFinite ? value : 0.1)
        case 4: return .decimal(Double(number(below: 2_000_000)) / 1000 - 1000)
        case 5: return .string(string())
        case 6: return .array((0..<number(below: 4)).map { _ in value(depth: depth - 1) })
        default:
            var members: [String: JSON] = [:]
            for _ in 0..<number(below: 4) { members[string()] = value(depth: depth - 1) }
            return .object(members)
        }
    }

    mutating func string() -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<number(below: 6) {
            let limits: [UInt32] = [0x20, 0x80, 0x800, 0x10000, 0x110000]
            if let scalar = Unicode.Scalar(UInt32(generator.next() % UInt64(limits[number(below: limits.count)]))) {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    mutating func damage(_ bytes: inout [UInt8]) {
        let byte = UInt8(truncatingIfNeeded: generator.next())
        switch number(below: 4) {
        case 0 where !bytes.isEmpty: bytes[number(below: bytes.count)] = byte
        case 1 where !bytes.isEmpty: bytes.remove(at: number(below: bytes.count))
        case 2: bytes.insert(Array("{}[]\",:\\u0dtfn-.eE ".utf8)[Int(byte) % 19], at: number(below: bytes.count + 1))
        default: bytes = Array(bytes.prefix(number(below: bytes.count + 1)))
        }
    }
}
