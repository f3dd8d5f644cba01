import HeadwaterModel
import HeadwaterPluginKit

/// Members in the order in which a format lists them. A file may have millions, so that they are put away as they come.
struct MemberList {
    private var writer = MemberList.writer()
    private let spooled = SpooledBytes()
    /// What was put away at once.
    private var blocks: [Range<Int>] = []
    private(set) var count = 0
    /// The one listed last.
    private(set) var last: ListedMember?

    private static let block = 64 << 10
    private static let format: StaticString = "fetch.members"

    private static func writer() -> PackedWriter { PackedWriter(format: format, version: 1) }

    /// - Throws: `StageError` if there is no room.
    mutating func append(_ member: ListedMember) throws {
        writer.member(member, sharing: last?.facts)
        count += 1
        last = member
        if writer.bytes.count >= MemberList.block {
            blocks.append(try spooled.append(writer.bytes))
            writer = MemberList.writer()
        }
    }

    func forEach(_ body: (ListedMember) throws -> Void) throws {
        var facts: [String: String]?
        for index in 0...blocks.count {
            let bytes = index < blocks.count ? try spooled.read(blocks[index]) : writer.bytes
            var reader = try PackedReader(bytes, format: MemberList.format, version: 1)
            while !reader.isAtEnd {
                let member = try reader.member(sharing: facts)
                facts = member.facts
                try body(member)
            }
        }
    }

    /// Leaves out bytes that are not there of the members from an index on.
    mutating func cut(from index: Int, at limit: Int) throws {
        if index >= count { return }
        var out = MemberList()
        try forEach { member in
            var member = member
            if out.count >= index { member.cut(at: limit) }
            try out.append(member)
        }
        self = out
    }
}

extension PackedWriter {
    /// - Parameter facts: those of the member before, which are said once.
    fileprivate mutating func member(_ member: ListedMember, sharing facts: [String: String]?) {
        flag(member.name != nil)
        if let name = member.name { self.name(name) }
        number(member.number)
        number(member.size)
        count(member.layers.count)
        for layer in member.layers {
            count(Container.Codec.allCases.firstIndex(of: layer.codec) ?? 0)
            flag(layer.range != nil)
            guard let range = layer.range else { continue }
            number(range.start)
            number(range.length)
        }
        flag(member.facts == facts)
        if member.facts == facts { return }
        count(member.facts.count)
        for (name, value) in member.facts.sorted(by: { $0.key < $1.key }) {
            text(name)
            text(value)
        }
    }

    private mutating func name(_ name: ListedMember.Name) {
        switch name {
        case .path(let path):
            count(0)
            count(path.count)
            raw(path)
        case .text(let text):
            count(1)
            self.text(text)
        case .within(let outer, let inner):
            count(inner == nil ? 2 : 3)
            self.name(outer)
            if let inner { self.name(inner) }
        }
    }

    /// What a file says of itself may be any number.
    private mutating func number(_ value: Int) { unsigned(UInt64(bitPattern: Int64(value))) }
}

extension PackedReader {
    fileprivate mutating func member(sharing facts: [String: String]?) throws -> ListedMember {
        let name = try flag() ? try self.name() : nil
        let (number, size) = (try self.number(), try self.number())
        var layers: [Container.Layer] = []
        for _ in 0..<(try elements(ofAtLeast: 2)) {
            let code = try count()
            guard Container.Codec.allCases.indices.contains(code) else { throw StageError("a member in no known codec") }
            let codec = Container.Codec.allCases[code]
            layers.append(
                Container.Layer(codec, try flag() ? ByteRange(start: try self.number(), length: try self.number()) : nil))
        }
        var member = ListedMember(name: name, number: number, layers: layers, size: size, facts: facts ?? [:])
        if try flag() { return member }
        member.facts = [:]
        for _ in 0..<(try elements(ofAtLeast: 2)) {
            let name = try text()
            member.facts[name] = try text()
        }
        return member
    }

    private mutating func name() throws -> ListedMember.Name {
        switch try count() {
        case 0: .path(Array(try raw(try elements(ofAtLeast: 1))))
        case 1: .text(try text())
        case 2: .within(try name(), nil)
        default: .within(try name(), try name())
        }
    }

    private mutating func number() throws -> Int { Int(truncatingIfNeeded: try unsigned()) }
}
