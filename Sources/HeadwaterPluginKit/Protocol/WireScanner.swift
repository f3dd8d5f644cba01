import HeadwaterModel

/// Reads the messages that there is one of for each record straight from their bytes, without a tree.
///
/// It knows what both kits write, and gives up (nil) on everything else that JSON allows and on everything that is wrong: then
/// `MessageReader` reads the line, which knows all of it and has words for what is wrong. So nothing is taken here that is not
/// taken there.
struct WireScanner {
    private let line: [UInt8]
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0

    /// The members of a line that may be such a message.
    static func members(of line: [UInt8]) -> WireMembers? {
        line.withUnsafeBufferPointer { buffer in
            var scanner = WireScanner(line, buffer)
            guard let members = scanner.members(), scanner.isAtEnd else { return nil }
            return members
        }
    }

    private init(_ line: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>) {
        self.line = line
        self.bytes = bytes
    }

    private mutating func members() -> WireMembers? {
        var members = WireMembers()
        let isWhole = object { scanner, name in
            switch name {
            case "type": scanner.set(&members.type) { $0.string() }
            case "task": scanner.set(&members.task) { $0.count() }
            case "role": scanner.set(&members.role) { $0.string() }
            case "id": scanner.set(&members.id) { $0.id() }
            case "record": scanner.set(&members.subject) { $0.id() }
            case "continues": scanner.set(&members.continued) { $0.id() }
            case "survivor": scanner.set(&members.survivor) { $0.id() }
            case "kind": scanner.set(&members.kind) { $0.string() }
            case "reason": scanner.set(&members.reason) { $0.string() }
            case "parents": scanner.set(&members.parents) { $0.list { $0.id() } }
            case "cited": scanner.set(&members.cited) { $0.list { $0.string() } }
            case "fields": scanner.set(&members.fields) { $0.tree()?.object }
            case "details": scanner.set(&members.details) { $0.tree()?.object }
            case "cites": scanner.set(&members.cites) { $0.cites() }
            case "text":
                scanner.next() == UInt8(ascii: "[")
                    ? scanner.set(&members.pieces) { $0.list { $0.piece() } } : scanner.set(&members.text) { $0.text() }
            default: false
            }
        }
        return isWhole ? members : nil
    }

    // MARK: Parts of messages

    private mutating func piece() -> TextPiece? {
        var range: ByteRange?
        var record: RecordID?
        var rule: String?
        var text: String?
        var evidence: [TextPiece.Slice]?
        let isWhole = object { scanner, name in
            switch name {
            case "slice": scanner.set(&range) { $0.range() }
            case "from": scanner.set(&record) { $0.id() }
            case "rule": scanner.set(&rule) { $0.string() }
            case "text": scanner.set(&text) { $0.string() }
            case "evidence": scanner.set(&evidence) { $0.list { $0.slice() } }
            default: false
            }
        }
        guard isWhole else { return nil }
        switch (range, text) {
        case (let range?, nil):
            guard evidence == nil else { return nil }
            var rules: [Rewriting.Rule] = []
            if let rule {
                guard let rewriting = Rewriting(rule) else { return nil }
                rules = rewriting.rules
            }
            return .slice(.init(record: record, range: range), rules: rules)
        case (nil, let text?):
            guard rule == nil, record == nil else { return nil }
            guard let evidence else { return .literal(text) }
            return evidence.isEmpty ? nil : .generated(text, evidence: evidence)
        default: return nil
        }
    }

    private mutating func slice() -> TextPiece.Slice? {
        guard case .slice(let slice, rules: [])? = piece() else { return nil }
        return slice
    }

    private mutating func cites() -> [String: [FieldCite]]? {
        var cites: [String: [FieldCite]] = [:]
        let isWhole = object { scanner, name in
            guard let places = scanner.list({ $0.cite() }) else { return false }
            return cites.updateValue(places, forKey: name) == nil
        }
        return isWhole ? cites : nil
    }

    private mutating func cite() -> FieldCite? {
        var range: ByteRange?
        var record: RecordID?
        var field: String?
        let isWhole = object { scanner, name in
            switch name {
            case "slice": scanner.set(&range) { $0.range() }
            case "from": scanner.set(&record) { $0.id() }
            case "field": scanner.set(&field) { $0.string() }
            default: false
            }
        }
        switch (range, field) {
        case (let range?, nil) where isWhole: return .slice(.init(record: record, range: range))
        case (nil, let field?) where isWhole: return .field(record: record, name: field)
        default: return nil
        }
    }

    private mutating func range() -> ByteRange? {
        guard let numbers = list({ $0.count() }), numbers.count == 2 else { return nil }
        return ByteRange(start: numbers[0], length: numbers[1])
    }

    // MARK: JSON

    private var isAtEnd: Bool {
        var rest = offset
        while rest < bytes.count, WireScanner.isSpace(bytes[rest]) { rest += 1 }
        return rest == bytes.count
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    /// The next byte that is no space; 0 at the end.
    private mutating func next() -> UInt8 {
        while offset < bytes.count, WireScanner.isSpace(bytes[offset]) { offset += 1 }
        return offset < bytes.count ? bytes[offset] : 0
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard next() == byte else { return false }
        offset += 1
        return true
    }

    /// Sets what was not set before.
    private mutating func set<Value>(_ place: inout Value?, _ read: (inout WireScanner) -> Value?) -> Bool {
        guard place == nil, let value = read(&self) else { return false }
        place = value
        return true
    }

    private mutating func object(_ member: (inout WireScanner, String) -> Bool) -> Bool {
        guard skip(UInt8(ascii: "{")) else { return false }
        if skip(UInt8(ascii: "}")) { return true }
        while true {
            guard let name = string(), skip(UInt8(ascii: ":")), member(&self, name) else { return false }
            if skip(UInt8(ascii: "}")) { return true }
            guard skip(UInt8(ascii: ",")) else { return false }
        }
    }

    private mutating func list<Element>(_ element: (inout WireScanner) -> Element?) -> [Element]? {
        guard skip(UInt8(ascii: "[")) else { return nil }
        var elements: [Element] = []
        if skip(UInt8(ascii: "]")) { return elements }
        while true {
            guard let value = element(&self) else { return nil }
            elements.append(value)
            if skip(UInt8(ascii: "]")) { return elements }
            guard skip(UInt8(ascii: ",")) else { return nil }
        }
    }

    /// An integer that is not negative and not too large to be exact.
    private mutating func count() -> Int? {
        let first = next()
        let start = offset
        var value = 0
        // Sixteen digits fit.
        while offset < bytes.count, offset - start < 17, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[offset] {
            value = value * 10 + Int(bytes[offset] - UInt8(ascii: "0"))
            offset += 1
        }
        guard offset > start, first != UInt8(ascii: "0") || offset - start == 1, value <= JSON.largestInteger,
            offset < bytes.count,
            bytes[offset] == UInt8(ascii: ",") || bytes[offset] == UInt8(ascii: "]") || bytes[offset] == UInt8(ascii: "}")
                || WireScanner.isSpace(bytes[offset])
        else { return nil }
        return value
    }

    private mutating func id() -> RecordID? {
        guard skip(UInt8(ascii: "\"")) else { return nil }
        let end = offset + 2 * RecordID.byteCount
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\""),
            let id = Hex.decode(UnsafeBufferPointer(rebasing: bytes[offset..<end])).flatMap({ RecordID(bytes: $0) })
        else { return nil }
        offset = end + 1
        return id
    }

    private mutating func string() -> String? { text().map { String(decoding: $0, as: UTF8.self) } }

    /// A string's bytes, known to be UTF-8.
    private mutating func text() -> [UInt8]? {
        guard skip(UInt8(ascii: "\"")), let base = bytes.baseAddress else { return nil }
        var out: [UInt8] = []
        var run = offset
        while offset < bytes.count {
            if offset + 8 <= bytes.count,
                !JSONWriter.mayNeedEscape(UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self))
            {
                offset += 8
                continue
            }
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[run..<offset]))
                offset += 1
                return UTF8Scan.firstMalformed(out) == nil ? out : nil
            }
            guard byte >= 0x20 else { return nil }
            guard byte == UInt8(ascii: "\\") else {
                offset += 1
                continue
            }
            guard offset + 1 < bytes.count, let escaped = WireScanner.escaped(bytes[offset + 1]) else { return nil }
            if out.isEmpty { out.reserveCapacity(bytes.count - run) }
            out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[run..<offset]))
            out.append(escaped)
            offset += 2
            run = offset
        }
        return nil
    }

    /// What a letter behind a backslash stands for, but for those that need more than the letter.
    private static func escaped(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// What may be anything: fields and details.
    private mutating func tree() -> JSON? {
        var reader = JSONReader(line, in: offset..<line.count, depth: 1)
        guard let value = try? reader.value() else { return nil }
        offset = reader.offset
        return value
    }
}

/// All members that the messages have of which there is one for each record. Which of them belong together says the type.
struct WireMembers {
    var type: String?
    var task: Int?
    var role: String?
    var id: RecordID?
    /// The record that a message is about.
    var subject: RecordID?
    var continued: RecordID?
    var survivor: RecordID?
    var kind: String?
    var reason: String?
    var parents: [RecordID]?
    var cited: [String]?
    var text: [UInt8]?
    var pieces: [TextPiece]?
    var fields: [String: JSON]?
    var details: [String: JSON]?
    var cites: [String: [FieldCite]]?

    /// The engine's message, if it is a record.
    var record: EngineMessage? {
        guard type == "record", let task, let role, let id, let kind, pieces == nil else { return nil }
        return .record(
            task: task, role: role,
            WireRecord(id: id, kind: kind, text: text, parents: parents ?? [], fields: fields ?? [:], cited: cited ?? []))
    }

    /// The plugin's message, if it is about a record.
    var answer: PluginMessage? {
        guard let task else { return nil }
        switch type {
        case "emit":
            guard text == nil, continued != nil || kind?.isEmpty == false else { return nil }
            return .emit(
                task: task,
                .init(
                    kind: kind ?? "", parents: parents ?? [], continued: continued, text: pieces ?? [], fields: fields ?? [:],
                    cites: cites ?? [:]))
        case "pass": return subject.map { .pass(task: task, record: $0) }
        case "drop":
            guard let subject, let reason, !reason.isEmpty else { return nil }
            return .drop(task: task, record: subject, reason: reason, survivor: survivor, details: details ?? [:])
        default: return nil
        }
    }
}
