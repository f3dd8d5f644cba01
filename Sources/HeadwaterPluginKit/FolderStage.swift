import HeadwaterModel

/// A stage that works on files: the engine lays its inputs out in a folder of its own, and takes up what it leaves there.
///
/// It blocks for as long as it works; the engine calls it off its compute queues.
public protocol FolderStage: Stage {
    /// What it leaves in the folder, by relative paths; a folder stands for all that it holds.
    var outputs: [String] { get }

    /// The input that it is carried out for file by file, by its role; nil if it works once, on all of everything.
    var divided: String? { get }

    /// The stage as it is carried out for one file of that input.
    ///
    /// - Parameter path: where the file lies in the input.
    func part(_ path: String) throws -> any FolderStage

    /// Returns when everything is there.
    func work(in folder: WorkFolder, _ context: TaskContext) throws
}

extension FolderStage {
    public func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        throw StageError("the plugin \(Self.declaration.name) works on files and is not applied to records")
    }
}

/// Where one task of a folder stage works.
public struct WorkFolder: Sendable {
    /// Absolute.
    public let path: String
    /// How long the task may take, in milliseconds, and what memory it may use, in bytes; nil for no limit.
    public let timeout: Int?
    public let memory: Int?

    /// The folder in it that holds the inputs, which nothing may change: `inputs/ROLE.jsonl` for records, one canonical JSON object a
    /// line; `inputs/ROLE/…` for files.
    public static let inputs = "inputs"
    /// The file in it where the stage may tell which input bytes its outputs came from.
    public static let lineage = "lineage.json"

    package init(path: String, timeout: Int?, memory: Int?) {
        self.path = path
        self.timeout = timeout
        self.memory = memory
    }
}
