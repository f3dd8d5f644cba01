public import HeadwaterModel

/// A stage that reads sources from outside: the only place where bytes enter a pipeline.
///
/// `locate` says what there is and must be cheap; `retrieve` gives the bytes of one. Both may block; the engine
/// calls them off its compute queues. `apply` then makes records of what was found, from the bytes alone.
public protocol SourceStage: Stage {
    /// Lists what there is, each locator once. There may be millions, so that nothing is to be held of each while the others
    /// are looked for.
    ///
    /// - Throws: `StageError` naming the parameter's element that finds nothing or cannot be read.
    func locate(_ places: Places) throws -> FoundSources

    /// Which element of which parameter would find the file with this absolute path, were it there; nil where none
    /// would. What is published must not become a source of the next run.
    func element(finding path: [UInt8], in places: Places) -> (parameter: String, element: Int)?

    /// Reads one. The bytes given are those of one moment: a file that changes meanwhile is read again or refused.
    ///
    /// - Throws: `SourceFailure` for one that cannot be had although others can.
    func retrieve(_ found: FoundSource) throws -> Retrieved

    /// Reads many and hands each over as it comes, in any order, by its index. Blocks; nothing of it is under way any more when
    /// it returns or throws. This is how requests are read, so that they need not wait for one another.
    ///
    /// - Throws: what `take` throws.
    func retrieve(_ found: [FoundSource], _ take: (Int, Result<Retrieved, any Error>) throws -> Void) throws

    /// Takes the answer to a request apart into the sources that it holds, in the order of their locators, each with where it
    /// lay in the answer. Blocks.
    ///
    /// - Parameter parts: what `Retrieved` said of the answer.
    /// - Returns: false for an answer that is one source as it is; nothing was handed over then.
    func open(
        _ answer: RetrievedSource, parts: String, _ take: (Container, Retrieved) throws -> Void
    ) throws -> Bool

    /// Has all that is being retrieved end soon, with `StageStopped`: the run is to stop. Safe from any thread.
    func stop()

    /// How many of its requests must be answered.
    var requires: SourceRequirement { get }

    /// Whether requests and answers are to be kept as they go over the wire.
    var keepsExchanges: Bool { get }

    /// Whether a failure that was pinned still stands with these parameters.
    func accepts(_ failure: SourceFailure) -> Bool

    /// Whether the bytes of files stay where they are, so that the store keeps only their digest and place and reads
    /// them again whenever it needs them. Changes nothing of what is made. What is no file is always copied.
    var leavesFilesInPlace: Bool { get }

    /// Makes the record of one source, or drops it with a reason.
    func describe(_ source: RetrievedSource, to output: any StageOutput) throws

    /// Says of a source that could not be had that it is left out.
    func describe(_ missed: MissedSource, to output: any StageOutput) throws
}

extension SourceStage {
    /// A stage that reads no files finds none.
    public func element(finding path: [UInt8], in places: Places) -> (parameter: String, element: Int)? { nil }

    public var leavesFilesInPlace: Bool { false }

    public func retrieve(_ found: [FoundSource], _ take: (Int, Result<Retrieved, any Error>) throws -> Void) throws {
        for (index, source) in found.enumerated() { try take(index, Result { try retrieve(source) }) }
    }

    public func open(
        _ answer: RetrievedSource, parts: String, _ take: (Container, Retrieved) throws -> Void
    ) throws -> Bool { false }

    public func stop() {}

    public var requires: SourceRequirement { .all }

    public var keepsExchanges: Bool { false }

    public func accepts(_ failure: SourceFailure) -> Bool { true }

    public func describe(_ missed: MissedSource, to output: any StageOutput) throws {
        throw StageError("\(missed.locator) is missing, and the plugin \(Self.declaration.name) needs all its sources")
    }

    public func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        throw StageError("the plugin \(Self.declaration.name) reads sources and is not applied to records")
    }
}

/// Where relative paths count from, element by element of the parameters that hold places.
public struct Places: Sendable {
    /// The elements of each such parameter, each with the absolute folder that a relative one counts from.
    public struct Place: Sendable {
        public var text: String
        public var base: String

        public init(text: String, base: String) {
            self.text = text
            self.base = base
        }
    }

    private let places: [String: [Place]]
    private let answer: @Sendable (_ url: String) throws -> [UInt8]

    /// - Parameter answer: what a request is answered, pinned as that for a source is.
    public init(
        _ places: [String: [Place]],
        answer: @escaping @Sendable (_ url: String) throws -> [UInt8] = { throw StageError("'\($0)' cannot be asked for here") }
    ) {
        self.places = places
        self.answer = answer
    }

    /// What the network answers to a request for a list of sources.
    ///
    /// - Throws: `SourceFailure`, `StageStopped`.
    public func answer(to url: String) throws -> [UInt8] { try answer(url) }

    public subscript(_ parameter: String) -> [Place] { places[parameter] ?? [] }
}

/// One source that `locate` found.
public struct FoundSource: Sendable, Hashable {
    /// Relative, the same on every machine.
    public var locator: String
    /// Where it lies on this machine now: an absolute path or a URL. Reaches no artifact.
    public var place: Place
    /// Bytes, as far as known before reading; decides only where partitions end.
    public var size: Int
    /// What a server gave with the bytes that are known already: if they still are those, it need not send them.
    public var known: Validators {
        get { offered?.validators ?? Validators() }
        set { offered = newValue.isEmpty ? nil : Offered(newValue) }
    }

    /// Apart, as few sources have them: there may be millions.
    private var offered: Offered?

    private final class Offered: Sendable, Hashable {
        let validators: Validators

        init(_ validators: Validators) { self.validators = validators }

        static func == (a: Offered, b: Offered) -> Bool { a.validators == b.validators }

        func hash(into hasher: inout Hasher) { hasher.combine(validators) }
    }

    public enum Place: Sendable, Hashable {
        /// A file, as bytes: names need not be UTF-8. `stamp` changes when the file does, and serves as a hint that
        /// it need not be read again.
        case file(path: [UInt8], stamp: FileStamp)
        /// Answered by the network: pinned by its request until a refresh is asked for.
        case request(url: String)
        /// A part of a file: an archive's member, a line.
        case member(Member)
    }

    public init(locator: String, place: Place, size: Int) {
        self.locator = locator
        self.place = place
        self.size = size
    }
}

/// A part of a file that is a source of its own.
public struct Member: Sendable, Hashable {
    public var file: MemberFile
    /// Which of the file's members it is, from 1.
    public var number: Int
    /// From the file inward, as `Container` has them.
    public var layers: [Container.Layer]
    /// What the file says of its member.
    public var facts: [String: String]

    public init(of file: MemberFile, number: Int, layers: [Container.Layer], facts: [String: String] = [:]) {
        self.file = file
        self.number = number
        self.layers = layers
        self.facts = facts
    }
}

/// A file whose parts are sources. One object for all of them, so that a part costs a reference.
public final class MemberFile: Sendable, Hashable {
    /// As the file itself would be called.
    public let locator: String
    /// Where it lies on this machine now.
    public let path: [UInt8]
    /// As it was when its members were listed.
    public let stamp: FileStamp
    /// Of all its bytes.
    public let digest: Digest

    public init(locator: String, path: [UInt8], stamp: FileStamp, digest: Digest) {
        self.locator = locator
        self.path = path
        self.stamp = stamp
        self.digest = digest
    }

    public static func == (a: MemberFile, b: MemberFile) -> Bool {
        a === b || a.locator == b.locator && a.path == b.path && a.stamp == b.stamp && a.digest == b.digest
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

extension FoundSource {
    /// Where it lies in a file, for a part of one.
    public var container: Container? {
        guard case .member(let member) = place else { return nil }
        return Container(
            source: locator, file: member.file.locator, digest: member.file.digest, number: member.number, layers: member.layers)
    }
}

/// What `stat` says of a file, as far as it changes when the file does. Times in nanoseconds since 1970.
public struct FileStamp: Sendable, Hashable {
    public var size: Int
    public var modified: Int
    public var changed: Int
    public var inode: UInt64

    public init(size: Int, modified: Int, changed: Int, inode: UInt64) {
        self.size = size
        self.modified = modified
        self.changed = changed
        self.inode = inode
    }
}

/// The bytes of one source as they were read.
public struct Retrieved: Sendable {
    public var bytes: [UInt8]
    /// Facts from outside the bytes that records may state: `contentType` as a server gave it. No times.
    public var facts: [String: String]
    /// The stamp that was true before and after reading, for a file.
    public var stamp: FileStamp?
    /// How the network came to it, for a request.
    public var response: Response?
    /// Of what parts the answer to a request is made, in the stage's own words: handed to `open`. Nil for one source.
    public var parts: String?

    public init(
        bytes: [UInt8], facts: [String: String] = [:], stamp: FileStamp? = nil, response: Response? = nil, parts: String? = nil
    ) {
        self.bytes = bytes
        self.facts = facts
        self.stamp = stamp
        self.response = response
        self.parts = parts
    }
}

/// A source that is in the store: what `describe` makes a record of.
public struct RetrievedSource: Sendable {
    public var locator: String
    public var digest: Digest
    public var facts: [String: String]
    private let load: @Sendable () throws -> [UInt8]

    package init(locator: String, digest: Digest, facts: [String: String], load: @escaping @Sendable () throws -> [UInt8]) {
        self.locator = locator
        self.digest = digest
        self.facts = facts
        self.load = load
    }

    public func bytes() throws -> [UInt8] { try load() }
}
