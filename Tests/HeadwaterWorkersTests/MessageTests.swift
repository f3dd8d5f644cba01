import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterPluginKit
@testable import HeadwaterWorkers

@Suite struct MessageTests {
    @Test("base64 gives back every byte string, and is what others write")
    func base64() {
        var random = SplitMix(seed: 71)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(Base64.decode(Array(Base64.encode(bytes).utf8)) == bytes)
        }
        // RFC 4648, section 10.
        let known = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]
        for (count, text) in known.enumerated() { #expect(Base64.encode(Array("foobar".utf8.prefix(count))) == text) }
    }

    @Test(
        "what base64 does not write it does not read: lengths, characters, bits that no byte holds",
        arguments: [
            "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "Zm9v=", "Zm-_", "Zm9v\n", "Zg==Zg==", " Zm9v", "Zmé=",
        ])
    func refusedBase64(text: String) {
        #expect(Base64.decode(Array(text.utf8)) == nil)
    }

    @Test("each string of four characters that base64 reads is the one it writes")
    func canonicalBase64() {
        var random = SplitMix(seed: 72)
        let alphabet = Array("ABCxyz019+/=".utf8)
        for _ in 0..<20_000 {
            let text = (0..<4).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            if let bytes = Base64.decode(text) { #expect(Array(Base64.encode(bytes).utf8) == text) }
        }
    }

    @Test("a message of the plugin says the same after it was written and read")
    func pluginMessages() throws {
        var random = SplitMix(seed: 73)
        for _ in 0..<2_000 {
            let message = random.pluginMessage()
            #expect(try PluginMessage(line: message.line) == message)
            #expect(message.line.last == 0x0A && !message.line.dropLast().contains(0x0A))
        }
    }

    @Test("a message of the engine says the same after it was written and read")
    func engineMessages() throws {
        var random = SplitMix(seed: 74)
        for _ in 0..<2_000 {
            let message = random.engineMessage()
            #expect(try EngineMessage(line: message.line) == message)
        }
    }

    @Test("what is read straight from the bytes of a line is what is read by way of a tree, whatever happened to the line")
    func scanner() throws {
        var random = SplitMix(seed: 75)
        var straight = 0
        let others = Array("\"\\{}[],:0123456789truefalsnull \u{1}\u{FF}-.eE\n".utf8)
        for round in 0..<20_000 {
            var line = round % 2 == 0 ? random.pluginMessage().line : random.engineMessage().line
            line.removeLast()
            for _ in 0..<Int(random.next() % 3) {
                let place = Int(random.next() % UInt64(line.count))
                switch random.next() % 4 {
                case 0: line[place] = others[Int(random.next() % UInt64(others.count))]
                case 1: line.remove(at: place)
                case 2: line.insert(others[Int(random.next() % UInt64(others.count))], at: place)
                default:
                    let end = min(line.count, place + Int(random.next() % 40))
                    line.insert(contentsOf: line[place..<end], at: min(line.count, end))
                }
            }
            guard let members = WireScanner.members(of: line) else { continue }
            let text = String(decoding: line, as: UTF8.self)
            if let answer = members.answer {
                straight += 1
                #expect(try PluginMessage(tree: line) == answer, "\(text)")
            }
            if let record = members.record {
                straight += 1
                #expect(try EngineMessage(tree: line) == record, "\(text)")
            }
        }
        #expect(straight > 1000, "enough lines are read straight: \(straight)")
    }

    @Test("nesting is limited alike, however a line is read", arguments: -2...1)
    func nesting(beyond: Int) throws {
        // Two objects lie around the field.
        let depth = JSONReader.maximumDepth - 2 + beyond
        let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let line = Array(
            "{\"type\":\"emit\",\"task\":1,\"kind\":\"k\",\"text\":[],\"fields\":{\"f\":\(nested)}}".utf8)
        #expect((try? PluginMessage(line: line)) == (try? PluginMessage(tree: line)))
        #expect(((try? PluginMessage(line: line)) != nil) == (beyond <= 0))
    }

    @Test("members that nobody knows are passed over, in messages of both sides")
    func unknownMembers() throws {
        let id = String(repeating: "a1", count: 20)
        let line = #"{"type":"drop","task":1,"record":"\#(id)","reason":"x","mood":{"a":[1]},"Type":2}"#
        #expect(
            try PluginMessage(line: Array(line.utf8))
                == .drop(task: 1, record: try #require(RecordID(id)), reason: "x", survivor: nil, details: [:]))
        #expect(try EngineMessage(line: Array(#"{"mood":1,"type":"end","task":3}"#.utf8)) == .end(task: 3))
    }

    @Test("a message of a type that a plugin does not know is passed over; one that the engine does not know is refused")
    func unknownTypes() throws {
        #expect(try EngineMessage(line: Array(#"{"type":"weather"}"#.utf8)) == nil)
        let fault = #expect(throws: MessageFault.self) { try PluginMessage(line: Array(#"{"type":"weather","task":1}"#.utf8)) }
        #expect(fault?.description.hasPrefix("type: there is no message \"weather\"; expected hello, emit, pass") == true)
    }

    @Test("no bytes make the reader trap")
    func noise() {
        var random = SplitMix(seed: 75)
        for _ in 0..<5_000 {
            var line = random.pluginMessage().line
            for _ in 0..<1 + random.next() % 4 {
                let place = Int(random.next() % UInt64(line.count))
                switch random.next() % 3 {
                case 0: line[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: line.remove(at: place)
                default: line.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                }
                if line.isEmpty { break }
            }
            _ = try? PluginMessage(line: line)
            _ = try? EngineMessage(line: line)
        }
    }
}

extension SplitMix {
    private mutating func number(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

    private mutating func text() -> String {
        let parts = ["", "a", "ß", "\u{0}", "\"", "\\", "\n", "😀", "e\u{301}", "</script>", "\u{2028}", " x "]
        return (0..<number(5)).map { _ in parts[number(parts.count)] }.joined()
    }

    private mutating func bytes() -> [UInt8] { (0..<number(40)).map { _ in UInt8(truncatingIfNeeded: next()) } }

    private mutating func id() -> RecordID { RecordID(Digest(of: bytes())) }

    private mutating func slice() -> TextPiece.Slice {
        .init(record: number(2) == 0 ? nil : id(), range: ByteRange(start: number(1 << 50), length: number(1 << 50)))
    }

    private mutating func members() -> [String: JSON] {
        var out: [String: JSON] = [:]
        for _ in 0..<number(3) { out["m\(number(9))" + text()] = [.integer(number(99) - 50), .string(text()), .null, true] }
        return out
    }

    private mutating func group() -> WireGroup {
        WireGroup(
            key: text(), members: (0..<number(3)).map { _ in .init(role: text(), partition: number(9), record: id()) },
            slice: bytes())
    }

    private mutating func emission() -> PluginMessage.Emission {
        let rules: [[Rewriting.Rule]] = [
            [], [.space], [.entity, .lowercase], [.nfc, .cut(start: 1, length: 2)], [.lineBreak(.line)],
        ]
        let text = (0..<number(4)).map { _ -> TextPiece in
            switch number(3) {
            case 0: .slice(slice(), rules: rules[number(rules.count)])
            case 1: .literal(self.text())
            default: .generated(self.text(), evidence: (0...number(2)).map { _ in slice() })
            }
        }
        let isContinued = number(3) == 0
        var cites: [String: [FieldCite]] = [:]
        for _ in 0..<number(3) {
            cites["c\(number(5))"] = [
                number(2) == 0 ? .slice(slice()) : .field(record: number(2) == 0 ? nil : id(), name: "f" + self.text())
            ]
        }
        return PluginMessage.Emission(
            kind: isContinued ? "" : "kind" + self.text(), parents: (0..<number(3)).map { _ in id() },
            continued: isContinued ? id() : nil, text: text, fields: members(), cites: cites)
    }

    fileprivate mutating func pluginMessage() -> PluginMessage {
        let task = number(1 << 40)
        switch number(14) {
        case 0: return .hello(protocol: number(9), name: text(), version: text())
        case 1, 2: return .emit(task: task, emission())
        case 3: return .pass(task: task, record: id())
        case 4:
            return .drop(
                task: task, record: id(), reason: "r" + text(), survivor: number(2) == 0 ? nil : id(), details: members())
        case 5:
            return .note(
                task: task,
                .init(
                    about: number(2) == 0 ? .input(id()) : .emitted(number(99)), kind: text(), reason: text(),
                    cites: (0..<number(3)).map { _ in slice() }, details: members()))
        case 6: return .result(task: task, bytes())
        case 7: return .slice(task: task, bytes())
        case 8: return .group(task: task, group())
        case 9: return .carry(task: task, bytes())
        case 10: return .progress(task: task, done: number(99), total: number(2) == 0 ? nil : number(99))
        case 11: return .warning(task: task, message: text())
        case 12: return .metric(task: task, name: text(), value: number(99) - 50)
        default:
            if number(2) == 0 { return .done(task: task) }
            return .failed(
                task: task,
                .init(
                    message: text(), parameter: number(2) == 0 ? nil : text(), element: number(2) == 0 ? nil : number(9),
                    isTransient: number(2) == 0))
        }
    }

    fileprivate mutating func engineMessage() -> EngineMessage {
        let task = number(1 << 40)
        switch number(8) {
        case 0: return .hello(protocols: (0..<number(3)).map { _ in number(9) }, engine: text())
        case 1:
            let rounds: [KeyDocument.Phase] = [.apply, .sketch, .examine, .combine, .decide]
            let round = rounds[number(rounds.count)]
            let overall = round == .combine || round == .decide
            return .task(
                .init(
                    task: task, round: round, parameters: members(), slice: bytes(), partitions: overall ? number(99) : 0,
                    carry: bytes()))
        case 2, 3:
            return .record(
                task: task, role: text(),
                WireRecord(
                    id: id(), kind: text(), text: number(4) == 0 ? nil : Array(text().utf8),
                    parents: (0..<number(3)).map { _ in id() }, fields: members(), cited: (0..<number(3)).map { _ in text() }))
        case 4: return .sketch(task: task, bytes())
        case 5: return .verdict(task: task, group(), bytes())
        case 6: return number(2) == 0 ? .end(task: task) : .cancel(task: task)
        default: return .shutdown
        }
    }
}
