public import HeadwaterModel

extension Pipeline {
    /// Makes the pipeline of a past run of what was kept of it.
    ///
    /// - Parameters:
    ///   - bytes: of the file.
    ///   - included: the files that it includes, by the paths that messages named them by then.
    ///   - values: all parameters as they were.
    ///   - path: where the file lies or would lie: what relative paths in it count from.
    /// - Throws: the faults that it has for the plugins of today.
    public static func recorded(
        bytes: [UInt8], included: [String: [UInt8]], values: [String: JSON], path: String, workingDirectory: String,
        plugins: [PluginDeclaration]
    ) throws(PipelineFaults) -> Pipeline {
        let pipeline = try parse(
            bytes: bytes, path: path, values: values, workingDirectory: workingDirectory, plugins: plugins
        ) { place throws(PipelineFaults) in
            guard let bytes = Pipeline.file(at: place, among: included) else {
                let fault = Diagnostic(
                    position: SourcePosition(file: place),
                    message: "what the run read of this file cannot be told from what else it included",
                    expected: "a pipeline file that lies beside the files it includes as it did then")
                throw PipelineFaults([fault])
            }
            return bytes
        }
        return pipeline.naming(included: included)
    }

    /// The included file that is meant by an absolute path. Names count from a folder that nobody knows any more, so that it is
    /// the one whose name has most in common with the path's end; nil where several have, and are not the same.
    private static func file(at place: String, among included: [String: [UInt8]]) -> [UInt8]? {
        let wanted = PathText.plain(place).split(separator: "/")
        func likeness(_ name: String) -> Int {
            let name = PathText.plain(name).split(separator: "/")
            return zip(wanted.reversed(), name.reversed()).prefix { $0.utf8.elementsEqual($1.utf8) }.count
        }
        let most = included.keys.map(likeness).max() ?? 0
        let candidates = included.filter { likeness($0.key) == most }.values
        guard most > 0, let first = candidates.first, candidates.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// The same with the names that its included files had then, so that a record of a run names them alike.
    private func naming(included: [String: [UInt8]]) -> Pipeline {
        var left = included
        let named = self.included.map { source in
            let names = left.filter { $0.value == source.bytes }.keys.sorted()
            guard let name = names.first(where: { $0.utf8.elementsEqual(source.file.utf8) }) ?? names.first else { return source }
            left[name] = nil
            return SourceText(file: name, bytes: source.bytes, base: source.base)
        }
        return Pipeline(
            name: name, file: file, root: root, parameters: parameters, stages: stages, publications: publications,
            source: source, included: named)
    }
}
