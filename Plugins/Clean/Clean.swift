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
            ParameterDeclaration(
                "templates", .choice(["none", "corpus"]), default: "none",
                help: "Whether blocks are left out that many pages of a host have in common"),
            ParameterDeclaration(
                "normalize", .list(of: .text), default: [],
                help: "Spellings to put right: mojibake, soft-hyphens, ligatures, nfc, nfkc"),
            ParameterDeclaration(
                "filters", .list(of: .text), default: [],
                help: "Quality rules to hold texts to: gopher-quality, gopher-repetition, c4, fineweb, or single rules of them"),
            ParameterDeclaration(
                "thresholds", .schema(QualityRule.thresholds), default: .object([:]),
                help: "What quality rules measure against, by rule, where it is not what their paper says"),
            ParameterDeclaration(
                "stopWords", .list(of: .text), default: [],
                help: "Words for gopher-quality:stop-words; if none, its English ones, for texts in English"),
            ParameterDeclaration(
                "mask", .list(of: .text), default: [],
                help: "What to replace by a label in texts and fields: email, phone, ip"),
        ],
        emits: ["document"],
        libraries: ["cld2": String(cString: cld2_face_version())],
        otherRounds: [.init(parameter: "templates", value: "corpus", rounds: .combine)])

    /// Tags, character references and lines above which a page is no page to read: they take about 300 bytes of memory
    /// each, and the largest real pages have a tenth of it.
    static let maximumParts = 1_000_000

    private let language: String
    private let minimumLength: Int
    private let maximumLength: Int
    private let looksForTemplates: Bool
    private let normalization: Normalization
    private let filters: QualityFilters
    private let masking: Masking

    public init(parameters: Parameters) throws {
        language = parameters.text("language")
        minimumLength = parameters.integer("minimumLength")
        maximumLength = parameters.integer("maximumLength")
        looksForTemplates = parameters.text("templates") == "corpus"
        normalization = try Normalization(parameters.texts("normalize"))
        filters = try QualityFilters(
            parameters.texts("filters"), thresholds: parameters.values["thresholds"] ?? .null,
            stopWords: parameters.texts("stopWords"))
        masking = try Masking(parameters.texts("mask"))
    }

    public func sketch(_ partition: Partition) throws -> [UInt8] {
        TemplateSketch.encode(
            try partition["documents"].compactMap { document in
                guard case .page(let page, let mediaType) = try reading(document) else { return nil }
                return TemplateSketch(article(document, page, mediaType), locator: Clean.locator(document))
            })
    }

    public func combine(_ sketches: Sketches) throws -> Combination {
        .slices(try TemplateSearch(sketches).slices(sketches))
    }

    public func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        let templates = looksForTemplates ? try TemplateBlocks(slice) : .none
        for document in partition["documents"] {
            guard let cleaned = try cleaned(document, templates, to: output) else { continue }
            try emit(cleaned, of: document, to: output)
        }
    }

    /// A document that can be read as a page, or why it cannot.
    private enum Reading {
        case page(TracedText, mediaType: String)
        case drop(Drop)
    }

    private static func locator(_ document: InputRecord) -> String { document.fields["locator"]?.string ?? "" }

    private func article(
        _ document: InputRecord, _ page: TracedText, _ mediaType: String, _ templates: TemplateBlocks = .none
    ) -> Article {
        Article(
            page, locator: Clean.locator(document), mediaType: mediaType, hint: language, templates: templates,
            normalization: normalization)
    }

    private func reading(_ document: InputRecord) throws -> Reading {
        let mediaType = document.fields["mediaType"]?.string ?? ""
        guard PageKind.isText(mediaType: mediaType) else {
            return .drop(Drop(document.id, reason: "not-text"))
        }
        let page = try document.text()
        guard !page.trimmedRange(0..<page.count).isEmpty else {
            return .drop(Drop(document.id, reason: "empty"))
        }
        guard !PageKind.isBinary(page.bytes) else {
            return .drop(Drop(document.id, reason: "binary"))
        }
        guard page.count <= maximumLength else {
            return .drop(
                Drop(
                    document.id, reason: "too-large",
                    details: ["bytes": .integer(page.count), "maximumLength": .integer(maximumLength)]))
        }
        let parts = PageKind.partCount(page.bytes)
        guard parts <= Clean.maximumParts else {
            return .drop(
                Drop(
                    document.id, reason: "too-large",
                    details: ["parts": .integer(parts), "maximumParts": .integer(Clean.maximumParts)]))
        }
        return .page(page, mediaType: mediaType)
    }

    /// What is emitted of a document.
    private struct Cleaned {
        var text: TracedText
        var masked: [(kind: PersonalData, piece: TracedText)]
        var metadata: Metadata
        var leftOut: [(reason: DropReason, text: TracedText)]
    }

    /// What is left of a document when the filters have looked at it; nil if it is dropped.
    ///
    /// Page and blocks are let go of with the end of this, and must be: a record takes as much again while it is written.
    @inline(never)
    private func cleaned(
        _ document: InputRecord, _ templates: TemplateBlocks, to output: any StageOutput
    ) throws -> Cleaned? {
        var article: Article
        switch try reading(document) {
        case .drop(let drop):
            output.drop(drop)
            return nil
        case .page(let page, let mediaType): article = self.article(document, page, mediaType, templates)
        }
        func noArticle() -> Drop { Drop(document.id, reason: "no-article", details: ["bytes": .integer(article.text.count)]) }
        guard isLongEnough(article), TextShape.isMostlyWords(article.text.bytes) else {
            output.drop(noArticle())
            return nil
        }
        if let failure = filters.apply(to: &article) {
            output.drop(Drop(document.id, reason: failure.rule, details: failure.details))
            return nil
        }
        guard isLongEnough(article) else {
            output.drop(noArticle())
            return nil
        }
        let (text, masked) = masking.text(article.text)
        return Cleaned(text: text, masked: masked, metadata: article.metadata, leftOut: article.leftOut())
    }

    private func isLongEnough(_ article: Article) -> Bool { article.text.count >= max(minimumLength, 1) }

    private func emit(_ cleaned: Cleaned, of document: InputRecord, to output: any StageOutput) throws {
        var draft = RecordDraft(continuing: document, text: cleaned.text)
        masking.apply(to: &draft)
        cleaned.metadata.set(in: &draft, masking: masking)
        let id = try output.emit(draft)
        for (reason, text) in cleaned.leftOut { output.note(Note(id, kind: "block", reason: reason.rawValue, about: text)) }
        for note in cleaned.metadata.notes(about: id, masking: masking) { output.note(note) }
        for (kind, piece) in cleaned.masked { output.note(Note(id, kind: "mask", reason: kind.rawValue, about: piece)) }
    }
}
