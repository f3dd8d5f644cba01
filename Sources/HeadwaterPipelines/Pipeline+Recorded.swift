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
        let folder = PathText.folder(of: PathText.absolute(path, from: workingDirectory))
        let pipeline = try parse(
            bytes: bytes, path: path, values: values, workingDirectory: workingDirectory, plugins: plugins
        ) { place throws(PipelineFaults) in
            guard let bytes = Pipeline.file(at: place, from: folder, among: included) else {
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

    /// The included file that is meant by an absolute path. Names count from a folder that nobody knows any more, but all from the
    /// same: so it is the shortest that ends as the path does behind what it shares with the pipeline's folder.
    private static func file(at place: String, from folder: String, among included: [String: [UInt8]]) -> [UInt8]? {
        func components(_ path: String) -> [[UInt8]] {
            path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != [UInt8(ascii: ".")] }
        }
        let (whole, start) = (components(place), components(folder))
        if let exact = included.first(where: { $0.key.hasPrefix("/") && components($0.key) == whole }) { return exact.value }
        let wanted = whole.dropFirst(zip(whole, start).prefix { $0 == $1 }.count)
        let named = included.map { (name: components($0.key), bytes: $0.value) }
        return named.filter { $0.name.suffix(wanted.count) == wanted }.min { $0.name.count < $1.name.count }?.bytes
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
