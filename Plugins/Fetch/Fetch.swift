public import HeadwaterModel
public import HeadwaterPluginKit

/// Finds files and pages, takes up their bytes, and makes one document record of each.
///
/// Knows nothing of what the text says: it tells only which bytes are there, of what media type, in which charset.
public struct Fetch: SourceStage {
    public static let declaration = PluginDeclaration(
        name: "fetch", version: "2", summary: "takes up files and web pages as sources", inputs: [], rounds: .read,
        parameters: [
            ParameterDeclaration(
                "from", .list(of: .path), isPlace: true,
                help:
                    "files, folders, globs (* ? [a-z] ** {a,b}), !exclusions, http(s) URLs, and @lists: texts, feeds and sitemaps"
            ),
            ParameterDeclaration("hidden", .boolean, default: false, help: "take up files and folders that begin with a dot"),
            ParameterDeclaration(
                "links", .choice(["follow", "skip"]), default: "follow",
                help: "what to do with symbolic links inside folders; a link that leads around in a circle or nowhere is an error"
            ),
            ParameterDeclaration(
                "open", .boolean, default: true,
                help: "take archives, WARC files, JSON Lines and tables apart into the sources they hold"),
            ParameterDeclaration(
                "text", .list(of: .text), default: ["text", "html", "content", "body"],
                help: "the field of a JSON line or column of a table that holds the text; the first that is there counts"),
            ParameterDeclaration(
                "id", .list(of: .text), default: ["id", "url"],
                help: "the field or column that names a line or row; one without is named by a digest"),
            ParameterDeclaration(
                "carry", .list(of: .text), default: [],
                help: "further fields or columns that documents take along, such as title, url and published"),
            ParameterDeclaration(
                "snapshot", .choice(["copy", "reference"]), default: "copy", isPlace: true,
                help: "where the bytes of files are kept: copied to the store, or left in place and checked at every read"),
            ParameterDeclaration(
                "maximumUnpacked", .integer(1...(1 << 50)), default: .integer(UnpackingLimits().maximum), isPlace: true,
                help: "bytes that one compressed file or answer may unpack to; what is read of it before that stays"),
        ] + NetworkParameters.declarations,
        emits: ["document"],
        libraries: DetectorVersion.text.map { ["uchardet": $0] } ?? [:])

    private let hidden: Bool
    private let followsLinks: Bool
    public let leavesFilesInPlace: Bool
    private let opening: Opening?
    private let lines: LineDocument
    private let members: MemberReader
    public let requires: SourceRequirement
    private let client: HTTPClient

    public init(parameters: Parameters) throws {
        requires = SourceRequirement(rawValue: parameters.text("require")) ?? .any
        client = HTTPClient(try NetworkParameters.settings(parameters))
        hidden = parameters.bool("hidden")
        followsLinks = parameters.text("links") != "skip"
        leavesFilesInPlace = parameters.text("snapshot") == "reference"
        let (text, carried) = (parameters.texts("text"), parameters.texts("carry"))
        lines = LineDocument(text: text, carried: carried)
        let limits = UnpackingLimits(maximum: parameters.integer("maximumUnpacked"))
        members = MemberReader(limits: limits)
        opening =
            parameters.bool("open")
            ? Opening(listing: MemberListing(text: text, names: parameters.texts("id"), carried: carried, limits: limits)) : nil
    }

    public func locate(_ places: Places) throws -> FoundSources {
        let found = try Location.find(places["from"], hidden: hidden, followsLinks: followsLinks) { try places.answer(to: $0) }
        return try opening?.opened(found) ?? found
    }

    public func element(finding path: [UInt8], in places: Places) -> (parameter: String, element: Int)? {
        Coverage(places: places["from"], hidden: hidden).element(finding: path).map { ("from", $0) }
    }

    public func retrieve(_ found: FoundSource) throws -> Retrieved {
        switch found.place {
        case .file(let path, _):
            do {
                let (bytes, stamp) = try FileReading.read(path)
                return Retrieved(bytes: bytes, stamp: stamp)
            } catch {
                throw StageError("\(error); \(Exclusions.element(leavingOut: path)) leaves it out", parameter: "from")
            }
        case .member(let member): return try members.read(member)
        case .request:
            var answer: Result<Retrieved, any Error>?
            try retrieve([found]) { answer = $1 }
            guard let answer else { throw StageStopped() }
            return try answer.get()
        }
    }

    public func retrieve(_ found: [FoundSource], _ take: (Int, Result<Retrieved, any Error>) throws -> Void) throws {
        var asked: [Int] = []
        var requests: [(url: String, known: Validators)] = []
        for (index, source) in found.enumerated() {
            if case .request(let url) = source.place {
                asked.append(index)
                requests.append((url, source.known))
            } else {
                try take(index, Result { try retrieve(source) })
            }
        }
        try client.get(requests) { index, result in
            try take(
                asked[index],
                result.map { Retrieved($0, url: requests[index].url) }.mapError { demanded(requests[index].url, $0) })
        }
    }

    /// Where all must be had, one that cannot is the stage's fault and no part of what comes of it.
    private func demanded(_ url: String, _ error: any Error) -> any Error {
        guard requires == .all, let failure = error as? SourceFailure else { return error }
        return StageError(
            "'\(url)' cannot be fetched: \(failure.reason); correct the URL, try again later, or take it out of what 'from' names",
            parameter: "from", isTransient: failure.isTransient)
    }

    public func open(
        _ answer: RetrievedSource, parts: String, _ take: (Container, Retrieved) throws -> Void
    ) throws -> Bool {
        guard let opening, let format = ContainerFormat(told: parts) else { return false }
        return try opening.open(answer, as: format, take)
    }

    public func stop() { client.stop() }

    public var keepsExchanges: Bool { client.settings.archives }

    /// What was too large then is asked for again where more is allowed, what `robots.txt` forbade where it is ignored, and
    /// everything where all must be had.
    public func accepts(_ failure: SourceFailure) -> Bool {
        if requires == .all { return false }
        return switch failure.cause {
        case "robots": client.settings.honoursRobots
        case "size": failure.facts["limit"].flatMap { Int($0) }.map { client.settings.maximumSize <= $0 } ?? false
        default: true
        }
    }

    /// Drops a page that could not be had. No record of it exists that could say where it lay.
    public func describe(_ missed: MissedSource, to output: any StageOutput) throws {
        let draft = RecordDraft(kind: "document", text: TracedText(), parents: [], fields: ["locator": .string(missed.locator)])
        var details = missed.facts.mapValues { JSON.string($0) }
        details["locator"] = .string(missed.locator)
        details["status"] = missed.facts["status"].flatMap { Int($0) }.map { .integer($0) }
        output.drop(Drop(draft.sealed().id, reason: "not-fetched", details: details))
    }

    /// Emits the document, with a note where its charset is not known for certain; drops a text that nothing here reads.
    public func describe(_ source: RetrievedSource, to output: any StageOutput) throws {
        if let fault = source.facts[MemberFact.fault] {
            output.drop(LineDocument.drop(source, fault, source.facts[MemberFact.message] ?? fault))
            return
        }
        let bytes = try source.bytes()
        switch source.facts[MemberFact.form] {
        case "json": return try lines.describeLine(source, bytes, to: output)
        case "csv": return try lines.describeRow(source, bytes, to: output)
        default: break
        }
        let declared = source.facts["contentType"].map(ContentType.init)
        let mediaType = MediaType.of(bytes, declared: declared, locator: ContainerFormat.uncompressed(source.locator))
        var draft = RecordDraft(
            describing: source, fields: ["locator": .string(source.locator), "mediaType": .string(mediaType)])
        guard MediaType.isText(mediaType) else {
            try output.emit(draft)
            return
        }
        let detection = CharsetDetection.of(bytes, mediaType: mediaType, declared: declared)
        guard let charset = detection.charset else {
            // No record of it exists that could say where it lay.
            output.drop(
                Drop(
                    draft.sealed().id, reason: "charset-unsupported",
                    details: ["charset": .string(detection.unsupported ?? ""), "locator": .string(source.locator)]))
            return
        }
        draft.set("charset", .string(charset.name))
        let id = try output.emit(draft)
        if let label = detection.unsupported {
            output.note(Note(id, kind: "charset", reason: "unsupported charset", details: ["label": .string(label)]))
        }
        if let cause = source.facts[MemberFact.truncated] {
            output.note(Note(id, kind: "container", reason: "truncated", details: ["cause": .string(cause)]))
        }
        let undecodable = charset.malformedCount(bytes)
        if undecodable > 0 {
            output.note(Note(id, kind: "charset", reason: "undecodable bytes", details: ["count": .integer(undecodable)]))
        }
        if detection.isGuess { output.note(Note(id, kind: "charset", reason: "charset not recognised")) }
    }
}

extension Retrieved {
    fileprivate init(_ answer: HTTPAnswer, url: String) {
        let format = ContainerFormat(of: answer.bytes, declared: answer.contentType.map(ContentType.init), url: url)
        self.init(
            bytes: answer.bytes, facts: answer.contentType.map { [MemberFact.contentType: $0] } ?? [:],
            response: answer.response, parts: format?.told)
    }
}
