import CCLD2
public import HeadwaterModel
public import HeadwaterPluginKit

/// Takes the main text out of a web page, leaves the page's furniture behind, and says what it left and why.
public struct Clean: Stage {
    public static let declaration = PluginDeclaration(
        name: "clean", version: "2", summary: "Extracts the main text and the metadata of web pages",
        inputs: [.init("documents")],
        parameters: [
            ParameterDeclaration(
                "language", .text, default: "", help: "Language of the pages where they do not say it, such as en"),
            ParameterDeclaration(
                "minimumLength", .integer(0...1_000_000), default: 140, help: "Bytes of text below which a page has no article"),
            ParameterDeclaration(
                "maximumLength", .integer(1...1_073_741_824), default: 16_777_216,
                help: "Bytes of a decoded page above which it is no page to read, but data"),
        ],
        emits: ["document"],
        libraries: ["cld2": String(cString: cld2_face_version())])

    /// Tags, character references and lines above which a page is no page to read: they take about 300 bytes of memory
    /// each, and the largest real pages have a tenth of it.
    static let maximumParts = 1_000_000

    private let language: String
    private let minimumLength: Int
    private let maximumLength: Int

    public init(parameters: Parameters) throws {
        language = parameters.text("language")
        minimumLength = parameters.integer("minimumLength")
        maximumLength = parameters.integer("maximumLength")
    }

    public func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        for document in partition["documents"] { try clean(document, to: output) }
    }

    private func clean(_ document: InputRecord, to output: any StageOutput) throws {
        let mediaType = document.fields["mediaType"]?.string ?? ""
        guard PageKind.isText(mediaType: mediaType) else {
            output.drop(Drop(document.id, reason: "not-text"))
            return
        }
        let page = try document.text()
        guard !page.trimmed().isEmpty else {
            output.drop(Drop(document.id, reason: "empty"))
            return
        }
        guard !PageKind.isBinary(page.bytes) else {
            output.drop(Drop(document.id, reason: "binary"))
            return
        }
        guard page.count <= maximumLength else {
            output.drop(
                Drop(
                    document.id, reason: "too-large",
                    details: ["bytes": .integer(page.count), "maximumLength": .integer(maximumLength)]))
            return
        }
        let parts = PageKind.partCount(page.bytes)
        guard parts <= Clean.maximumParts else {
            output.drop(
                Drop(
                    document.id, reason: "too-large",
                    details: ["parts": .integer(parts), "maximumParts": .integer(Clean.maximumParts)]))
            return
        }
        let article = Article(
            page, locator: document.fields["locator"]?.string ?? "", mediaType: mediaType, hint: language)
        guard article.text.count >= max(minimumLength, 1), TextShape.isMostlyWords(article.text.bytes) else {
            output.drop(Drop(document.id, reason: "no-article", details: ["bytes": .integer(article.text.count)]))
            return
        }
        var draft = RecordDraft(continuing: document, text: article.text)
        article.metadata.set(in: &draft)
        let id = try output.emit(draft)
        for note in article.notes(about: id) { output.note(note) }
    }
}
