import HeadwaterModel

/// What a person writes to name something in a store: a stage, a run, an artifact, a record, a source, a published
/// file, and a part of it.
///
///     summarize                    the latest artifact of that stage
///     clean#3@title                the value of a field of a record
///     brief/summarize#3:10-42      bytes 10 to 41 of the text of its third record
///     run:4f2a…/clean              the artifact of a stage in one run
///     tag:published-march/clean    the same in the run that has this tag
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
        /// A tagged run, and maybe one of its stages.
        case tag(String, stage: String?)
        /// A source by locator.
        case source(String)
        /// A source by the first hex digits of its digest.
        case sourceDigest(String)
        /// A published file.
        case file(String)
    }

    public var subject: Subject
    /// The number of a record in its artifact, from 1, as people count.
    public var record: Int?
    /// Bytes: of the record's text, or of the source.
    public var bytes: Range<Int>?
    /// A field of the record.
    public var field: String?
    /// A line of a published file, from 1.
    public var line: Int?

    /// - Parameter isFile: whether a file of this name exists.
    /// - Throws: `ReferenceError` where the text is no reference.
    public init(_ text: String, isFile: (String) -> Bool) throws(ReferenceError) {
        guard !text.isEmpty else {
            throw ReferenceError(
                "the reference is empty; name a stage, a record such as summarize#1, or a line of a published file")
        }
        let (head, tail) = Reference.splitNumber(text)
        if isFile(text) || (isFile(head) && head != text) {
            self.init(subject: .file(isFile(text) ? text : head))
            if !isFile(text), let tail {
                if tail.contains("-") {
                    bytes = try Reference.range(tail, text)
                } else {
                    guard let line = Int(tail), line > 0 else {
                        throw ReferenceError("\(text): expected a line's number, from 1")
                    }
                    self.line = line
                }
            }
            return
        }
        if text.hasPrefix("source:") {
            let rest = String(text.dropFirst("source:".count))
            let (head, range) = Reference.splitNumber(rest)
            // A colon and digits alone may be a port or the start of a digest.
            let isRange = range?.contains("-") ?? false
            let name = isRange ? head : rest
            guard !name.isEmpty else { throw ReferenceError("\(text): expected a source's locator or digest after source:") }
            if name.hasPrefix(Digest.prefix) {
                self.init(subject: .sourceDigest(try Reference.digits(of: name.dropFirst(Digest.prefix.count), text)))
            } else {
                self.init(subject: .source(name))
            }
            if isRange, let range { bytes = try Reference.range(range, text) }
            return
        }
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var name = parts[0]
        var recordNumber: Int?
        var range: Range<Int>?
        var fieldName: String?
        if parts.count == 2 {
            let named = parts[1].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if named.count == 2 {
                guard !named[1].isEmpty else { throw ReferenceError("\(text): expected a field's name after @") }
                fieldName = named[1]
            }
            let (number, tail) = Reference.splitNumber(named[0])
            guard let value = Int(number), value > 0, number.utf8.allSatisfy(Reference.isDigit) else {
                throw ReferenceError("\(text): expected a record's number, from 1, after #")
            }
            recordNumber = value
            if let tail { range = try Reference.range(tail, text) }
            if fieldName != nil && range != nil {
                throw ReferenceError("\(text): expected bytes of the record's text or a field, not both")
            }
        } else {
            let (head, tail) = Reference.splitNumber(name)
            if let tail, tail.contains("-") {
                name = head
                range = try Reference.range(tail, text)
            }
        }
        guard !name.isEmpty else { throw ReferenceError("\(text): expected a name before #") }
        if name.hasPrefix(Digest.prefix) {
            self.init(subject: .digest(try Reference.digits(of: name.dropFirst(Digest.prefix.count), text)))
        } else if name.hasPrefix(History.tagPrefix) {
            let tag = name.dropFirst(History.tagPrefix.count).split(separator: "/", maxSplits: 1).map(String.init)
            guard let label = tag.first else { throw ReferenceError("\(text): expected a tag's name after tag:") }
            self.init(subject: .tag(label, stage: tag.count > 1 ? tag[1] : nil))
        } else if name.hasPrefix("run:") {
            let run = name.dropFirst("run:".count).split(separator: "/", maxSplits: 1).map(String.init)
            guard let id = run.first, Reference.isHex(id) else {
                throw ReferenceError("\(text): expected the first digits of a run's id after run:, 0 to 9 and a to f")
            }
            self.init(subject: .run(id, stage: run.count > 1 ? run[1] : nil))
        } else {
            self.init(subject: .name(name))
        }
        record = recordNumber
        bytes = range
        field = fieldName
    }

    private init(subject: Subject) { self.subject = subject }

    /// The text before the last colon and what follows it, if that looks like numbers.
    private static func splitNumber(_ text: String) -> (head: String, tail: String?) {
        guard let colon = text.lastIndex(of: ":") else { return (text, nil) }
        let tail = text[text.index(after: colon)...]
        guard !tail.isEmpty, tail.utf8.allSatisfy({ Reference.isDigit($0) || $0 == UInt8(ascii: "-") }) else {
            return (text, nil)
        }
        return (String(text[..<colon]), String(tail))
    }

    /// As few digits of a digest or a record's id as name something: fewer would soon name several things.
    static let fewestDigits = 6

    private static func digits(of hex: Substring, _ whole: String) throws(ReferenceError) -> String {
        guard isHex(hex), fewestDigits...2 * Digest.byteCount ~= hex.utf8.count else {
            throw ReferenceError(
                "\(whole): expected \(fewestDigits) to \(2 * Digest.byteCount) digits of a digest, 0 to 9 and a to f")
        }
        return String(hex)
    }

    static func isHex(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

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
