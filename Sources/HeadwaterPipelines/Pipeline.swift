public import HeadwaterModel

/// A pipeline as its file declares it, completely checked: names resolved, parameters substituted and complete.
public struct Pipeline: Sendable {
    public let name: String
    /// The file as it was named.
    public let file: String
    /// The absolute folder of the file, from which relative paths in it count.
    public let root: String
    /// The file's parameters, with the command line's values where it gave some.
    public let parameters: [String: JSON]
    /// Each after all that it needs; otherwise in the order of the file.
    public let stages: [PipelineStage]
    /// In the order of the file.
    public let publications: [Publication]
    /// The text that positions lie in.
    public let source: SourceText
    /// The texts of the files that it includes.
    public let included: [SourceText]

    public func stage(named name: String) -> PipelineStage? { stages.first { $0.name == name } }

    /// A fault that only running shows, at the place in the file that it comes from.
    public func diagnostic(at position: SourcePosition, _ message: String, expected: String? = nil) -> Diagnostic {
        Diagnostic(
            position: position, message: message, expected: expected,
            source: ([source] + included).first { $0.file == position.file })
    }
}
