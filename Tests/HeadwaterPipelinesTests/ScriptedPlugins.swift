import HeadwaterModel
import HeadwaterPipelines

/// Plugins that exist in these tests only: one of each shape that a pipeline file can meet.
enum ScriptedPlugins {
    static let all = [fetch, clean, dedupe, summarize, join, measure, convert]

    /// Reads sources, and has a parameter that must be given.
    static let fetch = PluginDeclaration(
        name: "fetch", version: "1", summary: "Reads files", inputs: [], rounds: .read,
        parameters: [
            ParameterDeclaration("from", .list(of: .path), isPlace: true, help: "what to read"),
            ParameterDeclaration("exclude", .list(of: .path), default: ["drafts"], isPlace: true, help: "what to leave out"),
            ParameterDeclaration("follow", .boolean, default: false, help: "whether to follow links"),
        ],
        emits: ["document"])

    static let clean = PluginDeclaration(
        name: "clean", version: "1", summary: "Finds the main text", inputs: [.init("documents")],
        parameters: [
            ParameterDeclaration("language", .text, default: "auto", help: "language of the documents"),
            ParameterDeclaration("templates", .choice(["page", "corpus"]), default: "page", help: "where to look for templates"),
            ParameterDeclaration("shortest", .integer(1...1_000), default: 25, help: "characters of the shortest paragraph"),
        ],
        emits: ["document"])

    static let dedupe = PluginDeclaration(
        name: "dedupe", version: "1", summary: "Drops copies", inputs: [.init("documents")], rounds: .examine,
        parameters: [
            ParameterDeclaration("similarity", .decimal(0...1), default: .decimal(0.75), help: "from which on two texts are one"),
            ParameterDeclaration("keep", .list(of: .text), default: [], help: "words that keep a record"),
        ],
        emits: ["document"])

    /// Has an optional second input.
    static let summarize = PluginDeclaration(
        name: "summarize", version: "1", summary: "Writes a brief", inputs: [.init("documents"), .init("facts", optional: true)],
        rounds: .group,
        parameters: [ParameterDeclaration("sentences", .integer(1...100), default: 5, help: "length of the brief")],
        emits: ["summary"])

    /// Has two inputs, both required, and no parameters.
    static let join = PluginDeclaration(
        name: "join", version: "1", summary: "Joins two datasets", inputs: [.init("left"), .init("right")], emits: ["document"])

    /// Has only parameters without defaults.
    static let measure = PluginDeclaration(
        name: "measure", version: "1", summary: "Measures texts", inputs: [.init("documents")],
        parameters: [ParameterDeclaration("unit", .choice(["words", "bytes"]), help: "what is counted")], emits: ["document"])

    /// Runs in a process of its own.
    static let convert = PluginDeclaration(
        name: "convert", version: "1", summary: "Converts texts", inputs: [.init("documents")], emits: ["document"],
        hasOwnProcess: true)

    static let workingDirectory = "/home/ada/work"

    static func parse(_ text: String, path: String = "pipelines/test.yaml", overrides: [String] = []) throws(PipelineFaults)
        -> Pipeline
    {
        try parse(Array(text.utf8), path: path, overrides: overrides)
    }

    /// - Parameter included: gives what is included by its absolute path.
    static func parse(
        _ bytes: [UInt8], path: String = "pipelines/test.yaml", overrides: [String] = [],
        included: @escaping (String) -> [UInt8]? = { _ in nil }
    ) throws(PipelineFaults) -> Pipeline {
        try Pipeline.parse(
            bytes: bytes, path: path, overrides: overrides, workingDirectory: workingDirectory, plugins: all,
            reading: { (path) throws(PipelineFaults) in
                if let bytes = included(path) { return bytes }
                throw PipelineFaults([Diagnostic(position: SourcePosition(file: path), message: "there is no such file")])
            })
    }

    /// What somebody reads who gives this text; empty if it is a pipeline.
    static func faults(_ text: String, overrides: [String] = []) -> String {
        do {
            _ = try parse(text, overrides: overrides)
            return ""
        } catch {
            return error.description
        }
    }
}
