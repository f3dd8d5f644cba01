public import HeadwaterModel
public import HeadwaterPipelines
public import HeadwaterStore

/// The sources of a past run, as its task keys name them: they take the place of what source stages would find and read, so that a run
/// on them needs nothing but the store.
public struct RecordedSources: Sendable {
    public let run: RunManifest
    let store: Store
    /// Nil where all are.
    let isKept: Filter?

    /// Says of a source whether it stays. One that could not be had then has no digest.
    public typealias Filter = @Sendable (_ locator: String, _ digest: Digest?) -> Bool

    /// - Parameters:
    ///   - run: what it has of a stage that it did not complete cannot be used.
    ///   - store: the run's. Everything is read from there.
    ///   - isKept: leaves sources out; partitions then end where they would if these had never been there.
    public init(of run: RunManifest, in store: Store, keeping isKept: Filter? = nil) {
        self.run = run
        self.store = store
        self.isKept = isKept
    }

    /// The stages of the run that came to their end: all that can be carried out again.
    public var completeStages: Set<String> { Set(run.stages.filter { $0.artifact != nil }.map(\.name)) }

    /// The pipeline of the run, from its file as it was.
    ///
    /// - Parameters:
    ///   - path: where the file lies, or would: what relative paths in it count from.
    ///   - plugins: all that a stage may name.
    /// - Throws: `PipelineFaults`, and what keeps the file from being read.
    public func pipeline(at path: String, workingDirectory: String, plugins: [PluginDeclaration]) throws -> Pipeline {
        try Pipeline.recorded(
            bytes: store.blob(run.file), included: run.included.mapValues { try store.blob($0) }, values: run.parameters,
            path: path, workingDirectory: workingDirectory, plugins: plugins)
    }
}
