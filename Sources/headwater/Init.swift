import ArgumentParser
import Foundation

struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a pipeline for a folder of your own pages.",
        discussion: """
            Makes pipelines/NAME.yaml in the current folder, which reads the pages of FOLDER and writes out/NAME.md.

            EXAMPLES:
              headwater init saved-pages
              headwater init saved-pages --name storm
            """)

    @Argument(help: "The folder that holds the pages.")
    var folder: String

    @Option(name: .long, help: "The pipeline's name. (default: the folder's)")
    var name: String?

    func run() throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw CommandFault("\(folder) is no folder; expected the folder that holds the pages")
        }
        let url = URL(fileURLWithPath: folder).standardizedFileURL
        let name = name ?? Init.slug(url.lastPathComponent)
        guard !name.isEmpty, name == Init.slug(name) else {
            throw CommandFault("--name \(name): expected lower-case letters, digits and hyphens")
        }
        let target = "pipelines/\(name).yaml"
        guard !FileManager.default.fileExists(atPath: target) else {
            throw CommandFault("\(target) is there already; choose another name with --name, or remove it")
        }
        let corpus = folder.hasPrefix("/") ? url.path : "../" + folder
        try FileManager.default.createDirectory(atPath: "pipelines", withIntermediateDirectories: true)
        try Init.text(name: name, corpus: corpus).write(toFile: target, atomically: true, encoding: .utf8)
        Console.line("wrote \(target)")
        Console.line("next: headwater run \(target)")
    }

    static func slug(_ text: String) -> String {
        let mapped = text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return String(mapped).split(separator: "-").joined(separator: "-")
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("${", with: "$${") + "\""
    }

    private static func text(name: String, corpus: String) -> String {
        """
        # Relative paths count from this file's folder.
        headwater: 1
        name: \(name)
        parameters:
          corpus: \(quoted(corpus))
        stages:
          fetch:
            plugin: fetch
            with: {from: ["${corpus}/**/*.{html,htm,xhtml,txt}"]}
          clean: {plugin: clean, needs: fetch}
          dedupe: {plugin: dedupe, needs: clean, with: {similarity: 0.8}}
          extract: {plugin: extract, needs: dedupe}
          summarize: {plugin: summarize, needs: [dedupe, extract], with: {sentences: 8}}
        publish:
          \(name): {from: summarize, format: markdown, to: \(quoted("../out/\(name).md"))}

        """
    }
}
