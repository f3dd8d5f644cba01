public import HeadwaterModel
public import HeadwaterStore

/// What a run was made of and what it made, by digest: a text of one thing a line, for people to compare and for another machine to
/// prove that it comes to the same. Holds no path of a machine and no clock. `docs/lock-file.md` has it byte by byte.
public struct LockFile: Equatable, Sendable {
    public static let version = 1

    /// Lines in the order of the file, without the first and the last.
    public private(set) var lines: [Line]

    public enum Kind: String, CaseIterable, Sendable {
        case pipeline, include, parameter, plugin, library, environment, source, artifact, part, published

        /// How many names stand before the value.
        var nameCount: Int {
            switch self {
            case .include: 0
            case .pipeline, .parameter, .environment, .artifact: 1
            case .plugin, .library, .source, .part, .published: 2
            }
        }

        /// A line of the kind, as a message shows it.
        var form: String {
            switch self {
            case .pipeline: #"pipeline "name" sha256:…"#
            case .include: "include sha256:…"
            case .parameter: #"parameter "name" value"#
            case .plugin: #"plugin "name" "version" sha256:… or built-in"#
            case .library: #"library "plugin" "name" "version""#
            case .environment: #"environment "name" "value""#
            case .source: #"source "stage" "locator" sha256:… or missed, and facts if there are any"#
            case .artifact: #"artifact "stage" sha256:…"#
            case .part: #"part "stage" "first locator" sha256:…"#
            case .published: #"published "name" "path" sha256:…"#
            }
        }

        /// Whether a line of the kind says this much: the rest is what it says of it.
        func allows(_ value: [JSONOrWord]) -> Bool {
            guard let first = value.first else { return false }
            switch self {
            case .pipeline, .include, .artifact, .part, .published: return value.count == 1 && first.isDigest
            case .parameter: return value.count == 1 && first.json != nil
            case .plugin: return value.count == 1 && (first.isDigest || first.word == "built-in")
            case .library, .environment: return value.count == 1 && first.json?.string != nil
            case .source:
                guard first.isDigest || first.word == "missed" else { return false }
                return value.count == 1 || value.count == 2 && value[1].json?.object != nil
            }
        }
    }

    public struct Line: Hashable, Sendable {
        public var kind: Kind
        public var names: [String]
        /// As the line has it behind the names.
        public var value: String

        init(_ kind: Kind, _ names: [String], _ value: String) { (self.kind, self.names, self.value) = (kind, names, value) }

        var text: String { ([kind.rawValue] + names.map { JSON.string($0).description } + [value]).joined(separator: " ") }
        /// What it is about, for people: names parted by ": ".
        public var subject: String { names.joined(separator: ": ") }
    }

    init(_ lines: some Sequence<Line>) {
        let rank = Dictionary(Kind.allCases.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let keyed = lines.map { (rank: rank[$0.kind] ?? 0, text: Array($0.text.utf8), line: $0) }
        self.lines = keyed.sorted { $0.rank == $1.rank ? $0.text.lexicographicallyPrecedes($1.text) : $0.rank < $1.rank }.map(
            \.line)
    }

    public func lines(_ kind: Kind) -> [Line] { lines.filter { $0.kind == kind } }

    /// The values of the parameters, and of the environment variables that plugins declare.
    public var parameters: [String: JSON] {
        Dictionary(
            lines(.parameter).compactMap { line in (try? JSON(parsing: Array(line.value.utf8))).map { (line.names[0], $0) } },
            uniquingKeysWith: { first, _ in first })
    }
    public var environment: [String: String] {
        Dictionary(
            lines(.environment).compactMap { line in
                (try? JSON(parsing: Array(line.value.utf8)))?.string.map { (line.names[0], $0) }
            }, uniquingKeysWith: { first, _ in first })
    }
    public var pipeline: Line? { lines(.pipeline).first }
}

// MARK: Of a run

extension LockFile {
    /// - Throws: what keeps something of the run from being read.
    public init(of run: RunManifest, in store: Store) throws {
        var lines = [Line(.pipeline, [run.pipeline], run.file.description)]
        lines += Set(run.included.values).map { Line(.include, [], $0.description) }
        lines += run.parameters.map { Line(.parameter, [$0.key], $0.value.description) }
        for stage in run.stages {
            guard let artifact = stage.artifact else { continue }
            lines.append(Line(.artifact, [stage.name], artifact.description))
            switch try DatasetReader(store: store).artifact(artifact) {
            case .dataset(let dataset):
                for shard in dataset.shards {
                    // Of records, drops and notes: what the task came to.
                    let result = Digest(of: TaskResult.shard(shard.content).canonical)
                    lines.append(Line(.part, [stage.name, shard.range.first], result.description))
                }
            case .tree(let tree):
                for (path, file) in tree.files { lines.append(Line(.part, [stage.name, path], file.digest.description)) }
            }
            var isFirst = true
            for task in try History(store: store).tasks(of: stage) where isFirst || stage.inputs.isEmpty {
                let key = try JSON(parsing: store.blob(task.key))
                if isFirst { lines += LockFile.plugin(key, stage) }
                isFirst = false
                lines += try (key["inputs"]?["sources"]?.array ?? []).map { try LockFile.source($0, stage.name) }
            }
            if isFirst { lines.append(Line(.plugin, [stage.plugin, stage.version], "built-in")) }
        }
        lines += run.publications.map { Line(.published, [$0.name, $0.path], $0.file.description) }
        self.init(Set(lines))
    }

    private static func plugin(_ key: JSON, _ stage: RunManifest.Stage) -> [Line] {
        let digest = key["plugin"]?["digest"]?.string
        var lines = [Line(.plugin, [stage.plugin, stage.version], digest ?? "built-in")]
        lines += (key["libraries"]?.object ?? [:]).map { Line(.library, [stage.plugin, $0.key], $0.value.description) }
        lines += (key["environment"]?.object ?? [:]).map { Line(.environment, [$0.key], $0.value.description) }
        return lines
    }

    private static func source(_ json: JSON, _ stage: String) throws -> Line {
        guard let parts = json.array, parts.count >= 2, let locator = parts[0].string else {
            throw DocumentError("a task key: expected [locator, digest, facts] as a source, found \(json)")
        }
        let facts = parts.dropFirst(2).map { " " + $0.description }.joined()
        return Line(.source, [stage, locator], (parts[1].string ?? "missed") + facts)
    }
}

// MARK: As bytes

extension LockFile {
    public var bytes: [UInt8] {
        let text = (["headwater lock \(LockFile.version)"] + lines.map(\.text)).map { $0 + "\n" }.joined()
        return Array(text.utf8) + Array("end \(Digest(of: Array(text.utf8)))\n".utf8)
    }

    /// Why the bytes are no lock file.
    public struct Fault: Error, CustomStringConvertible, Equatable {
        /// From 1.
        public var line: Int
        public var problem: String
        public var expected: String

        public var description: String { "line \(line): \(problem); expected \(expected)" }
    }

    public init(bytes: [UInt8]) throws(Fault) {
        let rows = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        func text(_ row: Int) -> String { String(decoding: rows[row], as: UTF8.self) }
        let head = rows.isEmpty ? "" : text(0)
        guard head == "headwater lock \(LockFile.version)" else {
            let isOther = head.hasPrefix("headwater lock ")
            throw Fault(
                line: 1, problem: isOther ? "this is another version of the format" : "this is no lock file",
                expected: "\"headwater lock \(LockFile.version)\"")
        }
        var lines: [Line] = []
        var length = rows[0].count + 1
        var end: Int?
        for row in 1..<rows.count {
            if rows[row].starts(with: "end ".utf8) || rows[row].elementsEqual("end".utf8) {
                end = row
                break
            }
            if row == rows.count - 1 { break }
            let line = try LockFile.line(rows[row], number: row + 1)
            if let last = lines.last, !LockFile.precedes(last, line) {
                throw Fault(
                    line: row + 1, problem: "the line does not stand where it belongs",
                    expected: "lines in the order of their kinds, and sorted by their bytes, each once")
            }
            lines.append(line)
            length += rows[row].count + 1
        }
        guard let end else {
            throw Fault(line: rows.count, problem: "the file ends too early", expected: "a last line \"end sha256:…\"")
        }
        let digest = Digest(of: Array(bytes[..<length]))
        guard text(end) == "end \(digest)" else {
            throw Fault(
                line: end + 1, problem: "the lines before it are not those that were written: something was changed",
                expected: "\"end \(digest)\" for what stands there; write the file anew with headwater run --lock")
        }
        guard end == rows.count - 2, rows[end + 1].isEmpty else {
            throw Fault(line: end + 2, problem: "something stands behind the end", expected: "nothing behind the line \"end\"")
        }
        self.lines = lines
    }

    private static func precedes(_ a: Line, _ b: Line) -> Bool {
        let kinds = Kind.allCases
        let (x, y) = (kinds.firstIndex(of: a.kind) ?? 0, kinds.firstIndex(of: b.kind) ?? 0)
        return x == y ? a.text.utf8.lexicographicallyPrecedes(b.text.utf8) : x < y
    }

    private static func line(_ row: ArraySlice<UInt8>, number: Int) throws(Fault) -> Line {
        let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
        let word = String(decoding: row.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
        guard let kind = Kind(rawValue: word) else {
            throw Fault(
                line: number, problem: "the line begins with \(word.isEmpty ? "nothing" : word)", expected: "one of \(kinds)")
        }
        let fields = JSONOrWord.fields(row.dropFirst(word.utf8.count + 1))
        let names = fields?.prefix(kind.nameCount).compactMap { $0.json?.string } ?? []
        let value = fields?.dropFirst(kind.nameCount) ?? []
        guard fields != nil, names.count == kind.nameCount, kind.allows(Array(value)) else {
            throw Fault(line: number, problem: "the line cannot be read", expected: kind.form)
        }
        let line = Line(kind, names, value.map(\.text).joined(separator: " "))
        guard line.text.utf8.elementsEqual(row) else {
            throw Fault(line: number, problem: "the line is not written as it would be", expected: line.text)
        }
        return line
    }
}

/// One field of a line: a JSON value, or a word such as a digest.
struct JSONOrWord {
    var text: String
    var json: JSON?
    var word: String { text }
    var isDigest: Bool { json == nil && Digest(text) != nil }

    /// Splits at spaces that stand in no string; nil where a string does not end.
    static func fields(_ bytes: ArraySlice<UInt8>) -> [JSONOrWord]? {
        var out: [JSONOrWord] = []
        var start = bytes.startIndex
        var isQuoted = false
        var isEscaped = false
        func take(_ end: Int) {
            let text = String(decoding: bytes[start..<end], as: UTF8.self)
            out.append(JSONOrWord(text: text, json: try? JSON(parsing: Array(bytes[start..<end]))))
            start = end + 1
        }
        for index in bytes.indices {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, bytes[index] == UInt8(ascii: "\\") {
                isEscaped = true
            } else if bytes[index] == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if !isQuoted, bytes[index] == UInt8(ascii: " ") {
                take(index)
            }
        }
        if isQuoted { return nil }
        take(bytes.endIndex)
        return out
    }
}
