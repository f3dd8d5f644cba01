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
        let name = try name.map(Init.checked) ?? Init.name(of: url.lastPathComponent)
        let target = "pipelines/\(name).yaml"
        guard !FileManager.default.fileExists(atPath: target) else {
            throw CommandFault("\(target) is there already; choose another name with --name, or remove it")
        }
        let corpus = folder.hasPrefix("/") ? url.path : "../" + folder
        do {
            try FileManager.default.createDirectory(atPath: "pipelines", withIntermediateDirectories: true)
            try Init.text(name: name, corpus: Init.literal(corpus)).write(toFile: target, atomically: true, encoding: .utf8)
        } catch {
            throw SystemRefusal("cannot write \(target)", error)
        }
        Console.line("wrote \(target)")
        Console.line("next: headwater run \(target)")
    }

    /// More than this no name in a pipeline file may have.
    private static let longestName = 100

    private static func checked(_ name: String) throws -> String {
        guard !name.isEmpty, name == slug(name), name.utf8.count <= longestName else {
            throw CommandFault(
                "--name \(name): expected at most \(longestName) lower-case letters a to z, digits and hyphens, such as storm-2")
        }
        return name
    }

    /// What the pipeline of a folder is called unless somebody says otherwise.
    private static func name(of folder: String) throws -> String {
        let name = slug(folder)
        guard !name.isEmpty, name.utf8.count <= longestName else {
            throw CommandFault(
                "no name for the pipeline can be made of the folder's name \(folder): it takes at most \(longestName) of a to z, 0 to 9 "
                    + "and hyphens; give one with --name, such as --name pages")
        }
        return name
    }

    static func slug(_ text: String) -> String {
        let mapped = text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return String(mapped).split(separator: "-").joined(separator: "-")
    }

    /// The path as a pattern that finds nothing else: each character that means something in a pattern after a `\`.
    private static func literal(_ path: String) -> String {
        String(path.flatMap { #"\*?[]{}"#.contains($0) ? ["\\", $0] : [$0] })
    }

    /// A scalar of the pipeline file: YAML's escapes in double quotes, and no substitution.
    private static func quoted(_ text: String) -> String {
        var out = ""
        for scalar in text.replacing("${", with: "$${").unicodeScalars {
            switch scalar {
            case "\\", "\"": out += "\\\(scalar)"
            case _ where scalar.value < 0x20 || 0x7F..<0xA0 ~= scalar.value || 0x2028...0x2029 ~= scalar.value:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return "\"\(out)\""
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
