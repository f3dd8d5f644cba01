import Foundation
import Glibc
import HeadwaterTesting

/// A page that is made to exhaust a reader: its time, its memory or its stack.
enum HostileInput: String, CaseIterable {
    case nesting, attributes, bold, formatting, tables, lists, comments, ampersands, lessThans, quotes, scripts, templates
    case foreign, lines, spaces, marks, linkedData

    /// Parts of it, as they come in a campaign.
    private var count: Int {
        switch self {
        // 50 MB.
        case .bold: 50_000_000 / 3
        case .nesting, .attributes: 100_000
        default: 300_000
        }
    }

    func bytes(count: Int) -> [UInt8] {
        let text = "<p>The ferry to Vell did not run on Monday, and nobody at the harbour could say when it would run again.</p>"
        func times(_ part: String) -> String { String(repeating: part, count: count) }
        let page =
            switch self {
            case .nesting: times("<div>") + text + times("</div>")
            case .attributes: "<p " + (0..<count).map { "a\($0)=1 " }.joined() + ">" + text
            case .bold: times("<b>") + text
            case .formatting: times("<b><i><p>") + text
            case .tables: times("<table><tr><td>") + text
            case .lists: times("<ul><li>") + text
            case .comments: text + times("<!-->") + times("<!--")
            case .ampersands: "<p>" + times("&#") + times("&not") + text
            case .lessThans: "<p>" + times("<") + text
            case .quotes: text + times("<a href=\"")
            case .scripts: text + times("<script>") + times("</script")
            case .templates: times("<template>") + text
            case .foreign: times("<svg><desc>") + text
            case .lines: text + times("x\n")
            case .spaces: "<p>The" + times(" ") + times("\u{A0}") + "ferry</p>" + text
            case .marks: "<p>e" + times("\u{301}") + "</p>" + text
            case .linkedData: "<script type=\"application/ld+json\">" + times("[{\"a\":") + "</script>" + text
            }
        return Array(page.utf8)
    }

    /// Reads one, or all of them each in a process of its own: `hostile [NAME | --small]`.
    static func run(_ words: ArraySlice<String>) throws {
        if let input = words.first.flatMap(HostileInput.init) {
            Worker.limited { try input.read(words.dropFirst().first.flatMap { Int($0) } ?? input.count) }
        }
        let folder = try TemporaryFolder(inMemory: true)
        var failed = 0
        for input in allCases {
            let count = words.first == "--small" ? min(input.count, 20_000) : input.count
            let process = try WorkerProcess.run(["hostile", input.rawValue, "\(count)"], folder: folder.path)
            let said = String(decoding: WorkerFile.bytes(of: "log", in: folder.path), as: UTF8.self)
            Fuzz.say("\(input.rawValue): \(process.fault?.description ?? said.trimmingCharacters(in: .whitespacesAndNewlines))")
            if process.fault != nil { failed += 1 }
        }
        if failed > 0 { throw Fuzz.Failure("\(failed) of \(allCases.count) were too much") }
    }

    private func read(_ count: Int) throws {
        let bytes = bytes(count: count)
        let reading = try Reading()
        var shape = Shape()
        var before = rusage()
        getrusage(RUSAGE_SELF.rawValue, &before)
        try Worker.timed(bytes.count) { try reading.follow(bytes, locator: "page.html", into: &shape) }
        var after = rusage()
        getrusage(RUSAGE_SELF.rawValue, &after)
        let time = Worker.seconds(after) - Worker.seconds(before)
        FileHandle.standardError.write(
            Data("\(bytes.count) bytes, \(Int(time * 1000)) ms, \(after.ru_maxrss / 1024) MB at most\n".utf8))
        // Clean takes pages up to a million parts, and about 300 bytes for each.
        let most = 8 * bytes.count + 400 << 20
        if after.ru_maxrss * 1024 > most { throw Fuzz.Broken("it takes \(after.ru_maxrss / 1024) MB, \(most >> 20) are allowed") }
    }
}
