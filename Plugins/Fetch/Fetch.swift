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
                "snapshot", .choice(["copy", "reference"]), default: "copy", isPlace: true,
                help: "where the bytes of files are kept: copied to the store, or left in place and checked at every read"),
        ],
        emits: ["document"],
        libraries: DetectorVersion.text.map { ["uchardet": $0] } ?? [:])

    private let hidden: Bool
    private let followsLinks: Bool
    public let leavesFilesInPlace: Bool

    public init(parameters: Parameters) throws {
        hidden = parameters.bool("hidden")
        followsLinks = parameters.text("links") != "skip"
        leavesFilesInPlace = parameters.text("snapshot") == "reference"
    }

    public func locate(_ places: Places) throws -> [FoundSource] {
        try Location.find(places["from"], hidden: hidden, followsLinks: followsLinks)
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
        case .request(let url):
            let answer = try Request.get(url)
            return Retrieved(bytes: answer.bytes, facts: answer.contentType.map { ["contentType": $0] } ?? [:])
        }
    }

    /// Emits the document, with a note where its charset is not known for certain; drops a text that nothing here reads.
    public func describe(_ source: RetrievedSource, to output: any StageOutput) throws {
        let bytes = try source.bytes()
        let declared = source.facts["contentType"].map(ContentType.init)
        let mediaType = MediaType.of(bytes, declared: declared, locator: source.locator)
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
        if detection.isGuess { output.note(Note(id, kind: "charset", reason: "charset not recognised")) }
    }
}
