import HeadwaterModel

/// Makes a pipeline of the text of its file, or all the faults that keep it from being one.
struct PipelineReader {
    let overrides: [String]
    /// Of parameters, as an earlier reading resolved them.
    var values: [String: JSON] = [:]
    /// Absolute.
    let workingDirectory: String
    let plugins: [PluginDeclaration]
    /// Gives the bytes of an included file by its absolute path.
    let read: (_ path: String) throws(PipelineFaults) -> [UInt8]

    static let formatVersion = 1
    private static let keys = ["headwater", "name", "include"] + IncludedFiles.sectionKeys

    func read(_ source: SourceText) throws(PipelineFaults) -> Pipeline {
        let faults = FaultLog(source)
        guard let root = YAMLComposer.compose(faults),
            let reader = MappingReader(root, "a pipeline file", keys: PipelineReader.keys, faults)
        else { throw faults.faults }
        // The keys of another version may mean anything: no word about them.
        guard isFormatKnown(reader) else { throw versionFault(reader, source) }

        checkVersion(reader, root, faults)
        let name = name(reader, root, faults)
        let path = PathText.absolute(source.file, from: workingDirectory)
        let files = IncludedFiles(reader, path: path, faults, reading: read)
        let parameters = FileParameters(
            files.sections["parameters"]?.node, overrides: overrides, values: values, faults)
        var substituter = Substituter(parameters, faults)
        let folder = PathText.folder(of: path)
        let with = WithReader(root: folder, folders: files.folders, workingDirectory: workingDirectory, faults: faults)

        var defaults = StageDefaults.none
        if let node = files.sections["defaults"]?.node {
            defaults = StageDefaults(substituter.substitute(node), plugins: plugins, with: with)
        }
        var stages = StagesReader.Result(names: nil)
        if let node = files.sections["stages"]?.node {
            stages = StagesReader(plugins: plugins, with: with, defaults: defaults, faults: faults).read(node, &substituter)
        } else if reader.lacks("stages"), faults.included.isEmpty || faults.isEmpty {
            faults.report(
                reader.keyRange("stages") ?? start(of: root), "the pipeline has no stages", expected: "a key \"stages\"")
        }
        var publications: [Publication] = []
        if let node = files.sections["publish"]?.node {
            publications = PublishReader(stages: stages, with: with, faults: faults).read(node, &substituter)
        }
        guard faults.isEmpty, let name else { throw faults.faults }
        return Pipeline(
            name: name, file: source.file, root: folder, parameters: parameters.json, stages: stages.stages,
            publications: publications, source: source, included: faults.included)
    }

    /// Missing or wrong is a fault among others; only another version is more.
    private func isFormatKnown(_ reader: MappingReader) -> Bool {
        guard let version = reader["headwater"]?.scalar?.value.integer else { return true }
        return version == PipelineReader.formatVersion
    }

    private func versionFault(_ reader: MappingReader, _ source: SourceText) -> PipelineFaults {
        let faults = FaultLog(source)
        if let node = reader["headwater"] {
            faults.report(
                node.range, "this program does not know version \(node.summary) of the file format",
                expected: "\"headwater: \(PipelineReader.formatVersion)\", or another release of the program")
        }
        return faults.faults
    }

    private func checkVersion(_ reader: MappingReader, _ root: YAMLNode, _ faults: FaultLog) {
        let expected = "\"headwater: \(PipelineReader.formatVersion)\""
        guard let node = reader["headwater"] else {
            guard reader.lacks("headwater") else { return }
            return faults.report(
                reader.keyRange("headwater") ?? start(of: root), "the file does not say the version of its format",
                expected: expected)
        }
        guard !node.isFaulty, node.scalar?.value != .integer(PipelineReader.formatVersion) else { return }
        faults.report(node.range, "the version of the format cannot be \(node.summary)", expected: expected)
    }

    private func name(_ reader: MappingReader, _ root: YAMLNode, _ faults: FaultLog) -> String? {
        guard let node = reader["name"] else {
            guard reader.lacks("name") else { return nil }
            faults.report(reader.keyRange("name") ?? start(of: root), "the pipeline has no name", expected: "a key \"name\"")
            return nil
        }
        if node.isFaulty { return nil }
        guard let name = node.scalar?.value.string, NameRule.thing.allows(name) else {
            faults.report(node.range, "\"name\" cannot be \(node.summary)", expected: NameRule.thing.description)
            return nil
        }
        return name
    }

    private func start(of root: YAMLNode) -> Range<Int> { root.range.lowerBound..<root.range.lowerBound }
}
