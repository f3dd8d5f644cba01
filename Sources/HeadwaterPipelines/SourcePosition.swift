/// A place in a pipeline file, as people and editors count: lines and columns from 1.
public struct SourcePosition: Hashable, Sendable {
    /// The file as it was named, or the command line argument.
    public var file: String
    /// 0 where the position is the file or argument as a whole.
    public var line: Int
    /// In characters (Unicode scalars), not bytes; a tab is one.
    public var column: Int
    /// How many characters of the line are meant; at least 1.
    public var length: Int

    public init(file: String, line: Int, column: Int, length: Int) {
        self.file = file
        self.line = line
        self.column = column
        self.length = length
    }

    /// The file or argument as a whole.
    public init(file: String) { self.init(file: file, line: 0, column: 0, length: 1) }
}

extension SourcePosition: CustomStringConvertible {
    public var description: String { line == 0 ? file : "\(file):\(line):\(column)" }
}
