/// Alternatives in braces: `{a,b}/c` is `a/c` and `b/c`. They may nest and may hold any part of a path.
enum Braces {
    /// More than anybody writes by hand; fewer than would exhaust memory.
    static let limit = 1024

    /// All paths that the pattern spells, in the order in which they are written, each once.
    ///
    /// - Throws: `PatternFault` for a brace without its partner, or more than `limit` alternatives.
    static func expand(_ pattern: ArraySlice<UInt8>) throws(PatternFault) -> [[UInt8]] {
        var parser = Parser(rest: pattern)
        let all = try parser.sequence(depth: 0)
        var seen: Set<[UInt8]> = []
        return all.filter { seen.insert($0).inserted }
    }

    private struct Parser {
        var rest: ArraySlice<UInt8>

        /// Reads up to the end or, inside braces, up to the `,` or `}` that ends this alternative.
        mutating func sequence(depth: Int) throws(PatternFault) -> [[UInt8]] {
            if depth > 16 { throw PatternFault("braces nest deeper than 16; write several elements instead") }
            var out: [[UInt8]] = [[]]
            while let byte = rest.first {
                switch byte {
                case UInt8(ascii: "\\"):
                    let pair = rest.prefix(2)
                    for index in out.indices { out[index] += pair }
                    rest = rest.dropFirst(pair.count)
                case UInt8(ascii: "{"):
                    let choices = try alternatives(depth: depth + 1)
                    guard out.count * choices.count <= Braces.limit else {
                        throw PatternFault(
                            "its braces spell more than \(Braces.limit) patterns; write several elements, or a wildcard")
                    }
                    out = out.flatMap { start in choices.map { start + $0 } }
                case UInt8(ascii: ",") where depth > 0: return out
                case UInt8(ascii: "}"):
                    if depth > 0 { return out }
                    throw PatternFault("a } has no {; write \\} for the character itself")
                default:
                    for index in out.indices { out[index].append(byte) }
                    rest = rest.dropFirst()
                }
            }
            return out
        }

        private mutating func alternatives(depth: Int) throws(PatternFault) -> [[UInt8]] {
            var choices: [[UInt8]] = []
            repeat {
                rest = rest.dropFirst()
                choices += try sequence(depth: depth)
                guard choices.count <= Braces.limit else {
                    throw PatternFault(
                        "its braces spell more than \(Braces.limit) patterns; write several elements, or a wildcard")
                }
            } while rest.first == UInt8(ascii: ",")
            guard rest.first == UInt8(ascii: "}") else {
                throw PatternFault("a { has no }; write \\{ for the character itself")
            }
            rest = rest.dropFirst()
            return choices
        }
    }
}
