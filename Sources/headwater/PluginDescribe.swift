import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit

struct PluginDescribe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Say what a plugin takes and makes, its parameters and its limits.",
        discussion: """
            EXAMPLES:
              headwater plugin describe dedupe
              headwater plugin describe Plugins/passages --json
            """)

    @OptionGroup var reference: PluginReference
    @OptionGroup var output: OutputOptions

    func run() throws {
        switch try reference.find() {
        case .builtIn(let type): show(type.declaration, nil)
        case .external(let manifest): show(manifest.declaration, manifest)
        }
    }

    private func show(_ declaration: PluginDeclaration, _ manifest: PluginManifest?) {
        if output.json { return Console.line(PluginDescribe.json(declaration, manifest).description) }
        func say(_ name: String, _ text: String) {
            Console.line(VisibleText.of(name.padding(toLength: 12, withPad: " ", startingAt: 0) + text))
        }
        Console.line(
            "\(Style.standardOutput.bold(VisibleText.of("\(declaration.name) \(declaration.version)")))  "
                + VisibleText.of(declaration.summary))
        say(
            "inputs",
            declaration.inputs.isEmpty
                ? "none: it reads sources"
                : declaration.inputs.map { $0.name + ($0.isOptional ? " (optional)" : "") }.joined(separator: ", "))
        say("emits", declaration.emits.joined(separator: ", "))
        say("rounds", PluginDescribe.words(declaration.rounds))
        for other in declaration.otherRounds {
            let value = other.value.string ?? other.value.description
            say("", "with \(other.parameter): \(value), \(PluginDescribe.words(other.rounds))")
        }
        if let manifest { show(manifest, say) }
        if declaration.parameters.isEmpty { say("parameters", "none") }
        for (index, parameter) in declaration.parameters.enumerated() {
            let value = parameter.defaultValue.map { $0 == .null ? "optional" : "default \($0)" } ?? "required"
            say(index == 0 ? "parameters" : "", "\(parameter.name): \(parameter.type), \(value)")
            if !parameter.help.isEmpty { say("", "  " + parameter.help) }
        }
    }

    private func show(_ manifest: PluginManifest, _ say: (String, String) -> Void) {
        let limits = manifest.limits
        say("command", manifest.command.joined(separator: " "))
        say("folder", manifest.folder)
        if let digest = manifest.declaration.digest { say("digest", "\(digest), of its files") }
        say("sandbox", manifest.sandbox.rawValue + (manifest.network ? ", with network" : ", no network"))
        if !manifest.readable.isEmpty { say("may read", manifest.readable.joined(separator: ", ")) }
        if !manifest.declaration.environment.isEmpty {
            say("sees", manifest.declaration.environment.keys.sorted().joined(separator: ", "))
        }
        say(
            "limits",
            "\(limits.time) ms for a task, \(limits.idle) ms without a word, \(ByteCount.text(limits.memory)) of memory, "
                + "\(ByteCount.text(limits.output)) of output, \(ByteCount.text(limits.message)) for a message, "
                + "\(limits.openFiles) open files, \(limits.processes) processes")
        if !manifest.declaration.isDeterministic { say("", "not deterministic, by its own word") }
    }

    private static func words(_ rounds: PluginDeclaration.Rounds) -> String {
        switch rounds {
        case .read: "reads sources"
        case .apply: "apply, partition by partition"
        case .combine: "sketch, combine, apply on partitions"
        case .examine: "sketch, combine, examine, decide, apply on partitions"
        case .group: "sketch, combine, apply on groups"
        case .folder: "one task, on files in a folder"
        }
    }

    /// `{"name","version","summary","inputs":[{"role","optional"}],"emits","rounds","otherRounds":[{"parameter","value","rounds"}],"parameters":{NAME:SCHEMA},"required":[…],…}`
    static func json(_ declaration: PluginDeclaration, _ manifest: PluginManifest?) -> JSON {
        var members: [String: JSON] = [
            "name": .string(declaration.name), "version": .string(declaration.version), "summary": .string(declaration.summary),
            "inputs": .array(declaration.inputs.map { ["role": .string($0.name), "optional": .bool($0.isOptional)] }),
            "emits": .array(declaration.emits.map { .string($0) }), "rounds": .string(declaration.rounds.rawValue),
            "otherRounds": .array(
                declaration.otherRounds.map {
                    ["parameter": .string($0.parameter), "value": $0.value, "rounds": .string($0.rounds.rawValue)]
                }),
            "parameters": PipelineSchema.parameters(of: declaration),
            "deterministic": .bool(declaration.isDeterministic),
        ]
        if let manifest {
            members["folder"] = .string(manifest.folder)
            members["command"] = .array(manifest.command.map { .string($0) })
            members["sandbox"] = .string(manifest.sandbox.rawValue)
            members["network"] = .bool(manifest.network)
            members["limits"] = [
                "timeMilliseconds": .integer(manifest.limits.time), "idleMilliseconds": .integer(manifest.limits.idle),
                "memoryBytes": .integer(manifest.limits.memory), "outputBytes": .integer(manifest.limits.output),
                "messageBytes": .integer(manifest.limits.message), "openFiles": .integer(manifest.limits.openFiles),
                "processes": .integer(manifest.limits.processes),
            ]
        }
        if let digest = declaration.digest { members["digest"] = .string(digest.description) }
        return .object(members)
    }
}
