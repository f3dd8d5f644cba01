import ArgumentParser
import Foundation
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTemplates

struct PluginNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a plugin that works, with a test, to go on from.",
        discussion: """
            Makes the folder Plugins/NAME with a manifest, a stage and a test of it. What is there already is not written over.

            EXAMPLES:
              headwater plugin new sirens --language python
              headwater plugin new sirens --language shell --in ~/plugins
            """)

    @Argument(help: "The plugin's name: a to z, 0 to 9 and hyphens.")
    var name: String

    @Option(
        name: .long, help: "What it is written in: \(PluginNew.languages).",
        transform: { name in
            guard let language = PluginTemplate.Language(rawValue: name) else {
                throw ValidationError("expected one of: \(PluginNew.languages)")
            }
            return language
        })
    var language: PluginTemplate.Language

    private static let languages = PluginTemplate.Language.allCases.map(\.rawValue).joined(separator: ", ")

    @Option(name: .customLong("in"), help: ArgumentHelp("The folder that its folder is made in.", valueName: "dir"))
    var parent = "Plugins"

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Where the package of Headwater lies, for a plugin in Swift. (default: where this program was built)",
            valueName: "dir"))
    var package: String?

    func run() throws {
        guard !name.isEmpty, name == Init.slug(name), name.utf8.count <= PluginNew.longestName else {
            throw CommandFault(
                "\(name): expected at most \(PluginNew.longestName) lower-case letters a to z, digits and hyphens, such as storm-words"
            )
        }
        guard !BuiltIns.types.contains(where: { $0.declaration.name == name }) else {
            throw CommandFault("a plugin that comes with this program is named \(name); expected another name")
        }
        let folder = parent + "/" + name
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw CommandFault("\(folder) is there already; choose another name, or remove it")
        }
        let files = PluginTemplate(language).files(name: name, package: language == .swift ? try packagePath() : "")
        do {
            for file in files {
                let path = folder + "/" + file.path
                try FileManager.default.createDirectory(
                    atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                try file.text.write(toFile: path, atomically: true, encoding: .utf8)
            }
        } catch {
            throw SystemRefusal("cannot write \(folder)", error)
        }
        for file in files { Console.line("wrote \(folder)/\(file.path)") }
        Console.line("next: \(test(folder))")
        Console.line("      headwater plugin check \(folder)")
        Console.line("in a pipeline file: {plugin: \(name), needs: clean, with: {\(example)}}")
    }

    /// More than this no name in a pipeline file may have.
    private static let longestName = 100

    /// How its test is run.
    private func test(_ folder: String) -> String {
        switch language {
        case .python: "(cd \(folder) && python3 -m unittest)"
        case .swift: "(cd \(folder) && swift test && swift build -c release --static-swift-stdlib)"
        case .shell: "sh \(folder)/test.sh"
        }
    }

    private var example: String {
        switch language {
        case .python, .swift: "word: river"
        case .shell: "pattern: \"[Rr]iver\""
        }
    }

    /// The folder of Headwater's package: named, or above the place where this program lies.
    private func packagePath() throws -> String {
        let start = package.map { URL(fileURLWithPath: $0) } ?? Bundle.main.executableURL?.deletingLastPathComponent()
        var place = start?.standardizedFileURL.resolvingSymlinksInPath()
        while let folder = place, folder.path != "/" {
            if PluginNew.isPackage(folder) { return folder.path }
            place = package == nil ? folder.deletingLastPathComponent() : nil
        }
        throw CommandFault(
            package.map { "\($0) does not hold the package of Headwater" }
                ?? "a plugin in Swift is built on the package of Headwater; say with --package where it lies")
    }

    private static func isPackage(_ folder: URL) -> Bool {
        let manifest = try? String(contentsOf: folder.appendingPathComponent("Package.swift"), encoding: .utf8)
        return manifest?.contains("name: \"HeadwaterPluginKit\"") ?? false
    }
}
