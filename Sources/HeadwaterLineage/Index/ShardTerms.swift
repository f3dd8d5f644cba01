import HeadwaterModel

/// The terms of a shard, found in the bytes of its records without reading them as records: who looks for something reads
/// what is found, and checks it then.
struct ShardTerms {
    private var hashes: [UInt64] = []
    /// Whether the records stand for sources, so that these can be looked for by the first digits of their digests.
    private let standsForSources: Bool

    init(standsForSources: Bool) { self.standsForSources = standsForSources }

    /// Each once, sorted.
    mutating func sorted() -> [UInt64] {
        hashes.sort()
        var count = 0
        for hash in hashes where count == 0 || hashes[count - 1] != hash {
            hashes[count] = hash
            count += 1
        }
        hashes.removeSubrange(count...)
        return hashes
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
