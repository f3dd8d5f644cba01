import HeadwaterModel

/// What a person writes to name something in a store: a stage, a run, an artifact, a record, a source, a published
/// file, and a part of it.
///
///     summarize                    the latest artifact of that stage
///     brief/summarize#3:10-42      bytes 10 to 41 of the text of its third record
///     run:4f2a…/clean              the artifact of a stage in one run
///     sha256:9c1e…                 an artifact or blob by digest
///     9f2c41…                      a record by its id
///     source:paper/page.html:120-180     bytes of a source
///     out/brief.md:12              a line of a published file
public struct Reference: Equatable, Sendable {
    public enum Subject: Equatable, Sendable {
        /// A stage, a pipeline, or `pipeline/stage`; or a record id, where no such name is known.
        case name(String)
        /// A run by the first digits of its id, and maybe one of its stages.
        case run(String, stage: String?)
        /// An artifact or blob by the first hex digits of its digest.
        case digest(String)
        /// A source by locator or by digest.
        case source(String)
        /// A published file.
        case file(String)
    }

    public var subject: Subject
    /// The number of a record in its artifact, from 1, as people count.
    public var record: Int?
    /// Bytes: of the record's text, or of the source.
    public var bytes: Range<Int>?
    /// A line of a published file, from 1.
    public var line: Int?

    /// - Parameter isFile: whether a file of this name exists.
    /// - Throws: `ReferenceError` where the text is no reference.
    public init(_ text: String, isFile: (String) -> Bool) throws(ReferenceError) {
        let (head, tail) = Reference.splitNumber(text)
        if isFile(text) || (isFile(head) && head != text) {
            self.init(subject: .file(isFile(text) ? text : head))
            if !isFile(text), let tail {
                if let line = Int(tail), line > 0 { self.line = line } else { bytes = try Reference.range(tail, text) }
            }
            return
        }
        if text.hasPrefix("source:") {
            let rest = String(text.dropFirst("source:".count))
            let (locator, range) = Reference.splitNumber(rest)
            self.init(subject: .source(range == nil ? rest : locator))
            if let range { bytes = try Reference.range(range, text) }
            return
        }
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var name = parts[0]
        var recordNumber: Int?
        var range: Range<Int>?
        if parts.count == 2 {
            let (number, tail) = Reference.splitNumber(parts[1])
            guard let value = Int(number), value > 0 else {
                throw ReferenceError("\(text): expected a record's number, from 1, after #")
            }
            recordNumber = value
            if let tail { range = try Reference.range(tail, text) }
        } else {
            let (head, tail) = Reference.splitNumber(name)
            if let tail, tail.contains("-") {
                name = head
                range = try Reference.range(tail, text)
            }
        }
        guard !name.isEmpty else { throw ReferenceError("\(text): expected a name before #") }
        if name.hasPrefix(Digest.prefix) {
            self.init(subject: .digest(String(name.dropFirst(Digest.prefix.count))))
        } else if name.hasPrefix("run:") {
            let run = name.dropFirst("run:".count).split(separator: "/", maxSplits: 1).map(String.init)
            guard let id = run.first else { throw ReferenceError("\(text): expected a run's id after run:") }
            self.init(subject: .run(id, stage: run.count > 1 ? run[1] : nil))
        } else {
            self.init(subject: .name(name))
        }
        record = recordNumber
        bytes = range
    }

    private init(subject: Subject) { self.subject = subject }

    /// The text before the last colon and what follows it, if that looks like numbers.
    private static func splitNumber(_ text: String) -> (head: String, tail: String?) {
        guard let colon = text.lastIndex(of: ":") else { return (text, nil) }
        let tail = text[text.index(after: colon)...]
        guard !tail.isEmpty, tail.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "-") }) else { return (text, nil) }
        return (String(text[..<colon]), String(tail))
    }

    /// `10-42` is `[10, 42)`.
    private static func range(_ text: String, _ whole: String) throws(ReferenceError) -> Range<Int> {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start >= 0, end > start else {
            throw ReferenceError(
                "\(whole): expected a byte range as START-END, END one past the last byte and greater than START")
        }
        return start..<end
    }
}

/// Why a reference names nothing, or too much, and what it could have named.
public struct ReferenceError: Error, Equatable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
