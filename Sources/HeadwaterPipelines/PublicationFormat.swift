/// How records are written for people and for other programs.
public enum PublicationFormat: String, Sendable, CaseIterable {
    case markdown, html, json, jsonl, csv, text
    /// The files of a stage that makes files, as they are.
    case files

    public var name: String { rawValue }

    /// What the names of its files end in.
    public var fileEnding: String {
        switch self {
        case .markdown: ".md"
        case .text: ".txt"
        case .files: ""
        case .html, .json, .jsonl, .csv: "." + rawValue
        }
    }

    /// Whether it writes all records to one file.
    public var writesFile: Bool { self != .text && self != .files }

    /// Whether it writes each record to a file of its own.
    public var writesFolder: Bool { self != .jsonl && self != .csv }

    /// Whether `fields` chooses what of a record is written; a page is a table then.
    public var takesFields: Bool { self != .text && self != .files }

    /// Whether `kinds` chooses which records are written.
    public var takesKinds: Bool { self != .files }
}
