/// A file that is written from a stage's records when the pipeline has run.
public struct Publication: Sendable {
    public let name: String
    /// The stage whose records are written.
    public let stage: String
    public let format: String
    /// As the file has it.
    public let text: String
    /// Absolute.
    public let path: String
    /// Where the file names the publication.
    public let position: SourcePosition
    /// Where the file says `to`.
    public let pathPosition: SourcePosition
}
