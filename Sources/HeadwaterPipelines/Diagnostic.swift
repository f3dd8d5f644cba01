/// One fault of a pipeline file or of what was said on the command line about it: facts, not yet words on a screen.
public struct Diagnostic: Sendable {
    public var position: SourcePosition
    /// What is wrong.
    public var message: String
    /// What would be right, to be read after the word "expected".
    public var expected: String?
    /// The valid name that is nearest to the one given.
    public var suggestion: String?
    /// The text that the position lies in, to show its line.
    public var source: SourceText?

    public init(
        position: SourcePosition, message: String, expected: String? = nil, suggestion: String? = nil, source: SourceText? = nil
    ) {
        self.position = position
        self.message = message
        self.expected = expected
        self.suggestion = suggestion
        self.source = source
    }

    public var file: String { position.file }
    public var line: Int { position.line }
    public var column: Int { position.column }
    public var length: Int { position.length }
}

/// Why a pipeline file is no pipeline: all of its faults, in the order of their positions.
public struct PipelineFaults: Error, Sendable, CustomStringConvertible {
    public var diagnostics: [Diagnostic]
    /// How many further faults were found and left out, because there were too many to be read.
    public var omittedCount: Int

    public init(_ diagnostics: [Diagnostic], omittedCount: Int = 0) {
        self.diagnostics = diagnostics
        self.omittedCount = omittedCount
    }

    public var description: String { DiagnosticText.render(self) }
}
