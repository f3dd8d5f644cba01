public import HeadwaterModel
public import HeadwaterPluginKit

/// Finds files and pages, takes up their bytes, and makes one document record of each.
///
/// Knows nothing of what the text says: it tells only which bytes are there, of what media type, in which charset.
public struct Fetch: SourceStage {
    public static let declaration = PluginDeclaration(
        name: "fetch", version: "1", summary: "takes up files and web pages as sources", inputs: [], rounds: .read,
        parameters: [
            ParameterDeclaration(
                "from", .list(of: .path), isPlace: true,
                help: "files, folders, globs (* ? [a-z] ** {a,b}), !exclusions, @file-lists and http(s) URLs"),
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
        ],
        emits: ["document"],
        libraries: DetectorVersion.text.map { ["uchardet": $0] } ?? [:])

    private let hidden: Bool
    private let followsLinks: Bool
    public let leavesFilesInPlace: Bool
    private let opening: Opening?
    private let lines: LineDocument
    private let members = MemberReader()

    public init(parameters: Parameters) throws {
        hidden = parameters.bool("hidden")
        followsLinks = parameters.text("links") != "skip"
        leavesFilesInPlace = parameters.text("snapshot") == "reference"
        let (text, carried) = (parameters.texts("text"), parameters.texts("carry"))
        lines = LineDocument(text: text, carried: carried)
        opening =
            parameters.bool("open")
            ? Opening(listing: MemberListing(text: text, names: parameters.texts("id"), carried: carried)) : nil
    }

    public func locate(_ places: Places) throws -> [FoundSource] {
        let found = try Location.find(places["from"], hidden: hidden, followsLinks: followsLinks)
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
        case .request(let url):
            let answer = try Request.get(url)
            return Retrieved(bytes: answer.bytes, facts: answer.contentType.map { ["contentType": $0] } ?? [:])
        }
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
        if detection.isGuess { output.note(Note(id, kind: "charset", reason: "charset not recognised")) }
    }
}
