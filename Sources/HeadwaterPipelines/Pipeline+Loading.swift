public import HeadwaterModel

extension Pipeline {
    /// Reads a pipeline file.
    ///
    /// - Parameters:
    ///   - path: the file; a relative path counts from `workingDirectory`. Diagnostics name it as it is given here.
    ///   - overrides: `name=value` each, as they follow `--set` on the command line; the last one for a name holds.
    ///   - workingDirectory: absolute; relative paths in overrides count from it.
    ///   - plugins: all that a stage may name.
    /// - Throws: all faults of the file and the overrides at once.
    public static func load(
        path: String, overrides: [String] = [], workingDirectory: String, plugins: [PluginDeclaration]
    ) throws(PipelineFaults) -> Pipeline {
        let bytes = try PipelineFile.read(path, workingDirectory: workingDirectory)
        return try parse(
            bytes: bytes, path: path, overrides: overrides, workingDirectory: workingDirectory, plugins: plugins)
    }

    /// Makes a pipeline of the bytes of a file, which need not be on a disk. The parameters are those of `load`.
    ///
    /// - Parameters:
    ///   - values: of parameters, as an earlier reading of the same file resolved them.
    ///   - read: gives the bytes of an included file by its absolute path; from the disk unless given.
    public static func parse(
        bytes: [UInt8], path: String, overrides: [String] = [], values: [String: JSON] = [:], workingDirectory: String,
        plugins: [PluginDeclaration], reading read: ((_ path: String) throws(PipelineFaults) -> [UInt8])? = nil
    ) throws(PipelineFaults) -> Pipeline {
        try PipelineFile.check(bytes, path: path)
        let reader = PipelineReader(
            overrides: overrides, values: values, workingDirectory: workingDirectory, plugins: plugins,
            read: { (path) throws(PipelineFaults) in
                if let read { return try read(path) }
                return try PipelineFile.read(path, workingDirectory: workingDirectory)
            })
        return try reader.read(SourceText(file: path, bytes: bytes))
    }

    /// Whether the file is there for pipelines to include, and none itself: it has some of the keys of a pipeline file, and no name.
    ///
    /// - Parameters:
    ///   - path: the file; a relative path counts from `workingDirectory`.
    ///   - workingDirectory: absolute.
    public static func isFragment(path: String, workingDirectory: String) -> Bool {
        guard let bytes = try? PipelineFile.read(path, workingDirectory: workingDirectory), bytes.count <= PipelineFile.mostBytes
        else { return false }
        let faults = FaultLog(SourceText(file: path, bytes: bytes))
        guard let root = YAMLComposer.compose(faults) else { return false }
        return MappingReader(root, "an included file", keys: IncludedFiles.keys, faults) != nil && faults.isEmpty
    }
}
