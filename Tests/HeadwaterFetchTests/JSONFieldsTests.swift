import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterFetch

@Suite struct JSONFieldsTests {
    private func fields(_ text: String, _ names: String...) throws -> [String?] {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBytes { buffer in
            try JSONFields(buffer, names: names.map { Array($0.utf8) }).values.map { value in
                switch value {
                case .text(let range)?: "text " + String(decoding: bytes[range], as: UTF8.self)
                case .literal(let range)?: "literal " + String(decoding: bytes[range], as: UTF8.self)
                case .nested(let range)?: "nested " + String(decoding: bytes[range], as: UTF8.self)
                case nil: nil
                }
            }
        }
    }

    @Test("members are found where they stand, whatever stands around them")
    func places() throws {
        let line = #" {"a":"x\"y","b":{"a":"inner","c":["]"]},"n":-1.5e3,"t":true,"a":"second"} "#
        #expect(
            try fields(line, "a", "b", "n", "t", "c")
                == [#"text x\"y"#, #"nested {"a":"inner","c":["]"]}"#, "literal -1.5e3", "literal true", nil])
        #expect(try fields("{}", "a") == [nil])
    }

    @Test(
        "what is no object is refused, at the byte where it stops being one",
        arguments: [
            ("", 0), ("[1]", 0), ("{\"a\":1", 6), ("{\"a\" 1}", 5), ("{\"a\":}", 5), ("{\"a\":[}", 6), ("{\"a\":1} x", 8),
            ("{\"a\":\"", 5), ("{a:1}", 1),
        ])
    func faults(line: String, offset: Int) {
        #expect {
            try fields(line, "a")
        } throws: { error in
            (error as? JSONFields.Fault)?.offset == offset
        }
    }

    @Test("of any object each member is found with the value that a JSON reader gives it")
    func agreement() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var chance = SplitMix(seed: seed)
        func value(_ depth: Int) -> JSON {
            switch Int.random(in: 0..<(depth > 2 ? 4 : 6), using: &chance) {
            case 0: .integer(Int.random(in: -9999...9999, using: &chance))
            case 1: .bool(Bool.random(using: &chance))
            case 2, 3:
                .string(
                    String(
                        (0..<Int.random(in: 0..<8, using: &chance)).map { _ in
                            "a\"\\\n[]{}é😀,:".randomElement(using: &chance) ?? "x"
                        }))
            case 4: .array((0..<Int.random(in: 0..<3, using: &chance)).map { _ in value(depth + 1) })
            default:
                .object(
                    Dictionary(
                        uniqueKeysWithValues: (0..<Int.random(in: 0..<3, using: &chance)).map { ("k\($0)", value(depth + 1)) }))
            }
        }
        for _ in 0..<300 {
            let members = Dictionary(uniqueKeysWithValues: (0..<4).map { ("m\($0)", value(0)) })
            let bytes = JSON.object(members).canonical
            let names = members.keys.sorted()
            let found = try bytes.withUnsafeBytes { try JSONFields($0, names: names.map { Array($0.utf8) }).values }
            for (name, value) in zip(names, found) {
                switch value {
                case .text(let range)?:
                    #expect(members[name]?.string.map { Array($0.utf8) } == Escape.json.decode(Array(bytes[range])))
                case .literal(let range)?, .nested(let range)?: #expect(try JSON(parsing: Array(bytes[range])) == members[name])
                case nil: Issue.record("\(name) is not found in \(String(decoding: bytes, as: UTF8.self))")
                }
            }
        }
    }
}
