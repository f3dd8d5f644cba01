import Testing

/// A file of 64 KiB that asks much of whoever reads it.
struct LargeFile: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]

    /// The start, then the part again and again up to the size, then the end.
    init(_ name: String, _ start: String, end: String = "", _ part: (Int) -> String) {
        testDescription = name
        bytes = Array(start.utf8)
        var index = 0
        while true {
            let next = part(index).utf8
            if bytes.count + next.count + end.utf8.count > LargeFile.size { break }
            bytes += next
            index += 1
        }
        bytes += end.utf8
    }

    /// Enough for anything quadratic to miss the time limit.
    private static let size = 64 << 10

    private static let head = "headwater: 1\nname: test\n"

    /// A stage with ten thousand instances.
    private static let hundreds: String = {
        let values = (0..<100).map(String.init).joined(separator: ",")
        return "stages: {fetch: {matrix: {a: [\(values)], b: [\(values)]}, "
    }()

    static let all = [
        LargeFile("brackets", head + "stages: ") { _ in "[" },
        LargeFile("braces", head + "stages: ") { _ in "{" },
        LargeFile("dashes", "") { _ in "- " },
        LargeFile("question marks", "") { _ in "? " },
        LargeFile("colons", "") { _ in ": " },
        LargeFile("anchors", "") { _ in "&a " },
        LargeFile("tags", "") { _ in "!a " },
        LargeFile("quotes", "'") { _ in "''" },
        LargeFile("one long key", "") { _ in "a" },
        LargeFile("empty lines", "") { _ in "\n" },
        LargeFile("comments", "") { _ in "#\n" },
        LargeFile("keys", head + "stages:\n") { "  s\($0):\n" },
        LargeFile("keys in braces", head + "stages: {", end: "}") { "s\($0):," },
        LargeFile("duplicate keys on one line", head + "stages: {", end: "}") { _ in "a: b, " },
        LargeFile("unknown needs", head + "stages: {f: {plugin: fetch}", end: "}") { ", s\($0): {plugin: clean, needs: x\($0)}" },
        LargeFile("stages that need their neighbours", head + "stages:\n") {
            "  s\($0): {plugin: clean, needs: s\($0 + 1)}\n"
        },
        LargeFile("many aliases", head + "a: &a {a: b}\nb: [", end: "]") { _ in "*a," },
        LargeFile("many anchors", head + "b: [", end: "]") { "&a\($0) x," },
        LargeFile("many merges", head + "a: &a {a: b}\nb: [", end: "]") { _ in "{<<: *a}," },
        LargeFile("many substitutions", head + "parameters: {a: b}\nstages: {fetch: {with: {from: '", end: "'}}}") { _ in "${a}"
        },
        LargeFile("many wrong substitutions", head + "parameters: {a: b}\nstages: {fetch: {with: {from: '", end: "'}}}") { _ in
            "${bc}"
        },
        LargeFile("substitutions in each other", head + "stages: {fetch: {with: {from: '", end: "}'}}}") { _ in "${" },
        LargeFile("long names", head + "stages: {", end: "}") {
            "\(String(repeating: "n", count: 60))\($0): {needs: \(String(repeating: "m", count: 60))},"
        },
        LargeFile("wide letters", head + "x: ") { _ in "日" },
        LargeFile("escapes", head + "x: \"", end: "\"") { _ in "\\u65e5" },
        LargeFile("folded lines", head + "x: >\n") { _ in " a\n\n" },
        LargeFile("plain lines", head + "x: \n") { _ in " a\n\n" },
        LargeFile("many instances of much", head + hundreds + "with: {from: [", end: "]}}}") { "x\($0)," },
        LargeFile("many instances of what is wrong", head + hundreds + "with: {from: [", end: "]}}}") { _ in "'${a}${c}'," },
        LargeFile("many instances that are needed", head + hundreds + "with: {from: x}}, ", end: "}") {
            "s\($0): {plugin: clean, needs: fetch@\($0 % 100),\($0 / 100)},"
        },
        LargeFile("many values in a matrix", head + "stages: {fetch: {with: {from: x}, matrix: {a: [", end: "]}}}") { "\($0)," },
        LargeFile("many included files", head + "include: [", end: "]") { "f\($0)," },
        LargeFile("elements that are no paths", head + "stages: {fetch: {with: {from: [", end: "]}}}") { _ in "1," },
    ]
}
