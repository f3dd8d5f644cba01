/// A file, or a folder with a file for each record, that is written from a stage's records when the pipeline has run.
public struct Publication: Sendable {
    public let name: String
    /// The stage whose records are written.
    public let stage: String
    public let format: PublicationFormat
    /// What of each record is written; nil for all of it.
    public let fields: [String]?
    /// The kind of the notes that are written instead of the records; nil for these.
    public let notes: String?
    /// Which records are written, by their kinds; nil for all.
    public let kinds: [String]?
    /// As the file has it.
    public let text: String
    /// Absolute, without a slash at its end.
    public let path: String
    /// Whether each record has a file of its own in a folder.
    public let isFolder: Bool
    /// Where the file names the publication.
    public let position: SourcePosition
    /// Where the file says `to`.
    public let pathPosition: SourcePosition

    /// What a page is headed.
    public var title: String {
        let words = name.prefix { $0 != "@" }.map { $0 == "-" ? " " : String($0) }.joined()
        let values = name.drop { $0 != "@" }.dropFirst()
        return words.prefix(1).uppercased() + words.dropFirst() + (values.isEmpty ? "" : " (\(values))")
    }

    /// The same, written to another absolute path.
    public func written(to path: String) -> Publication {
        Publication(
            name: name, stage: stage, format: format, fields: fields, notes: notes, kinds: kinds, text: text, path: path,
            isFolder: isFolder, position: position, pathPosition: pathPosition)
    }
}
