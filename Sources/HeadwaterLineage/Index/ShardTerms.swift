import HeadwaterModel

/// The terms of a shard, found in the bytes of its records without reading them as records: who looks for something reads
/// what is found, and checks it then.
struct ShardTerms {
    private var hashes: [UInt64] = []
    /// Whether the records stand for sources, so that these can be looked for by the first digits of their digests.
    private let standsForSources: Bool

    init(standsForSources: Bool) { self.standsForSources = standsForSources }

    /// Each once, in no order. Told apart in a table with open addressing, which costs a third of what sorting them does.
    var distinct: [UInt64] {
        var size = 16
        while size < hashes.count * 2 { size *= 2 }
        var table = [UInt64](repeating: 0, count: size)
        var out: [UInt64] = []
        out.reserveCapacity(hashes.count)
        // Zero stands for an empty place; a term that hashes to it is always kept.
        for hash in hashes {
            var place = Int(truncatingIfNeeded: hash >> 16) & (size - 1)
            while table[place] != 0 && table[place] != hash { place = (place + 1) & (size - 1) }
            if table[place] == hash && hash != 0 { continue }
            table[place] = hash
            out.append(hash)
        }
        return out
    }

    mutating func add(_ term: Term) { hashes.append(term.hash) }

    /// Takes in the records of a shard, one canonical JSON object a line.
    mutating func add(records bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { bytes in
            for line in LineRanges(bytes) { add(record: line) }
        }
    }

    /// Takes in one record.
    mutating func add(record line: CanonicalSlice) {
        // The text comes last, and is the longest.
        for member in MemberScanner(line, until: "text") {
            if member.isNamed("fields") {
                add(fields: member.value)
            } else if member.isNamed("id") {
                add(.record(member.string))
            } else if member.isNamed("kind") {
                add(.kind(member.string))
            } else if member.isNamed("sources") {
                for source in ElementScanner(member.value) { add(source: source) }
            }
        }
    }

    /// Takes in what was left out of a shard.
    mutating func add(drops bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { bytes in
            for line in LineRanges(bytes) {
                for member in MemberScanner(line) {
                    if member.isNamed("record") { add(.record(member.string)) }
                    if member.isNamed("reason") { add(.reason(member.string)) }
                }
            }
        }
    }

    private mutating func add(source: CanonicalSlice) {
        let hex = CanonicalSlice.inside(source).dropFirst(Digest.prefix.utf8.count)
        add(.source(hex))
        if standsForSources { add(.sourcePrefix(hex)) }
    }

    private mutating func add(fields: CanonicalSlice) {
        for field in MemberScanner(fields) {
            add(.field(field.name, is: field.value))
            switch field.value.first {
            case UInt8(ascii: "\""): add(words: field.value, of: field.name)
            case UInt8(ascii: "["):
                for element in ElementScanner(field.value) {
                    add(.field(field.name, is: element))
                    if element.first == UInt8(ascii: "\"") { add(words: element, of: field.name) }
                }
            default: break
            }
        }
    }

    private mutating func add(words value: CanonicalSlice, of name: CanonicalSlice) {
        FieldWords.forEach(in: CanonicalSlice.inside(value), isEscaped: true) { add(.field(name, has: $0)) }
    }
}
