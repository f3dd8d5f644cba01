import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit
import HeadwaterWorkers

struct PluginCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Try whether a plugin keeps the contract, clause by clause.",
        discussion: """
            Runs the plugin on sample records in many scripts and shapes: what it says, whether its records hold, whether the \
            same input always gives the same output, whether it ends when it is told to. A parameter without a default is given \
            with --set, or is the first of its schema's examples. Ends with status 1 if a clause is broken.

            EXAMPLES:
              headwater plugin check Plugins/passages --set word=river
              headwater plugin check dedupe     a stage of this program, served as a plugin and compared with itself
            """)

    @OptionGroup var reference: PluginReference

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Give the plugin's parameter a value; may be repeated.", valueName: "name=value"))
    var overrides: [String] = []

    @OptionGroup var output: OutputOptions

    func run() throws {
        let manifest: PluginManifest
        var inProcess: (any Stage.Type)?
        switch try reference.find() {
        case .external(let found): manifest = found
        case .builtIn(let type):
            try PluginServe.check(type)
            inProcess = type
            manifest = try PluginCheck.served(type)
        }
        let parameters = try parameters(of: manifest.declaration)
        let conformance = Conformance(manifest, parameters: parameters)
        if !output.json { Console.line("sandbox  \(conformance.confinement)") }
        var verdicts = conformance.verdicts(show)
        if let type = inProcess {
            let verdict = conformance.compare(with: try type.init(parameters: parameters))
            show(verdict)
            verdicts.append(verdict)
        }
        let broken = verdicts.count { !$0.keeps }
        if output.json {
            Console.line(json(manifest.declaration, verdicts).description)
        } else {
            Console.line(
                broken == 0
                    ? "\(manifest.declaration.name) keeps all \(verdicts.count) clauses"
                    : "\(manifest.declaration.name) breaks \(broken) of \(counted(verdicts.count, "clause"))")
        }
        if broken > 0 { throw ExitStatus.failed }
    }

    private func show(_ verdict: Conformance.Verdict) {
        if output.json { return }
        let word = verdict.keeps ? Style.standardOutput.bold("keeps") : Style.standardOutput.marked("BREAKS")
        Console.line("\(word)\(verdict.keeps ? "  " : " ") \(verdict.clause.rawValue)")
        if let problem = verdict.problem { Console.line("        " + VisibleText.lines(of: problem)) }
    }

    /// `{"plugin":…,"version":…,"clauses":[{"clause":…,"keeps":…,"problem":…}]}`
    private func json(_ declaration: PluginDeclaration, _ verdicts: [Conformance.Verdict]) -> JSON {
        [
            "plugin": .string(declaration.name), "version": .string(declaration.version),
            "clauses": .array(
                verdicts.map {
                    [
                        "clause": .string($0.clause.rawValue), "keeps": .bool($0.keeps),
                        "problem": $0.problem.map { .string($0) } ?? .null,
                    ]
                }),
        ]
    }

    /// A stage of this program as a plugin out of process.
    private static func served(_ type: any Stage.Type) throws -> PluginManifest {
        guard let program = Bundle.main.executablePath else { throw CommandFault("this program does not know where it lies") }
        var declaration = type.declaration
        declaration.hasOwnProcess = true
        return PluginManifest(
            declaration: declaration, folder: URL(fileURLWithPath: program).deletingLastPathComponent().path,
            command: [program, "plugin", "serve", declaration.name], sandbox: .off)
    }

    private func parameters(of declaration: PluginDeclaration) throws -> Parameters {
        var given: [String: JSON] = [:]
        for text in overrides {
            guard let equals = text.firstIndex(of: "=") else { throw CommandFault("--set \(text): expected name=value") }
            let name = String(text[..<equals])
            guard let parameter = declaration.parameters.first(where: { $0.name == name }) else {
                let names = declaration.parameters.map(\.name)
                let nearest = NearestName.of(name, among: names).map { "; did you mean \($0)?" } ?? ""
                throw CommandFault("the plugin \(declaration.name) has no parameter \(name)\(nearest)")
            }
            given[name] = try PluginCheck.value(String(text[text.index(after: equals)...]), of: parameter)
        }
        for parameter in declaration.parameters where parameter.defaultValue == nil && given[parameter.name] == nil {
            guard case .schema(let schema) = parameter.type, let example = schema.json["examples"]?.array?.first else {
                throw CommandFault(
                    "the plugin \(declaration.name) needs the parameter \(parameter.name) (\(parameter.type)); give it with --set "
                        + "\(parameter.name)=VALUE, or add \"examples\" to its schema")
            }
            given[parameter.name] = example
        }
        return Parameters(given, declared: declaration.parameters)
    }

    /// A text as the parameter wants it: as it stands where that is valid, else as JSON.
    private static func value(_ text: String, of parameter: ParameterDeclaration) throws -> JSON {
        let candidates = [.string(text)] + ((try? JSON(parsing: Array(text.utf8))).map { [$0] } ?? [])
        guard let valid = candidates.first(where: { parameter.expectation(for: $0) == nil }) else {
            throw CommandFault("--set \(parameter.name)=\(text): expected \(parameter.type)")
        }
        return valid
    }
}
