import Foundation
import Testing

/// The repository's folder, found from where this file lies.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

@Suite struct LayeringTests {
    /// Who may import whom, of ours and from outside. Siblings never import each other; each outside package enters at one
    /// target.
    static let allowed: [String: Set<String>] = [
        "Sources/HeadwaterModel": ["CCrypto", "CCharsetIndexes", "Foundation", "Glibc"],
        "Sources/HeadwaterCompression": ["CZstd", "CZlib", "CBzip2", "CLzma", "CBrotli"],
        "Sources/HeadwaterProcesses": ["CSpawn", "Glibc", "Dispatch", "Synchronization"],
        "Sources/HeadwaterPluginKit": ["HeadwaterModel", "Glibc", "Synchronization"],
        "Sources/HeadwaterWorkers": ["HeadwaterProcesses", "HeadwaterPluginKit", "HeadwaterModel", "Glibc", "Synchronization"],
        "Sources/HeadwaterTemplates": [],
        "Sources/HeadwaterStore": ["HeadwaterModel", "CZstd", "CZlib", "Foundation", "Glibc", "Synchronization", "Dispatch"],
        "Sources/HeadwaterLineage": [
            "HeadwaterStore", "HeadwaterModel", "CSQLite", "CPageCheck", "Foundation", "Dispatch", "Synchronization",
        ],
        "Sources/HeadwaterPipelines": ["HeadwaterModel", "CYAML", "Foundation", "Glibc"],
        "Sources/HeadwaterEngine": [
            "HeadwaterStore", "HeadwaterLineage", "HeadwaterPluginKit", "HeadwaterPipelines", "HeadwaterModel", "Foundation",
            "Dispatch",
            "Synchronization", "Glibc",
        ],
        "Sources/HeadwaterTesting": ["HeadwaterPluginKit", "HeadwaterModel", "Foundation", "Glibc", "Synchronization"],
        "Plugins/Fetch": [
            "HeadwaterPluginKit", "HeadwaterModel", "HeadwaterCompression", "CCurl", "CUchardet", "Dispatch", "Foundation",
            "Glibc",
            "Synchronization",
        ],
        "Plugins/Clean": ["HeadwaterPluginKit", "HeadwaterModel", "CCLD2"],
        "Plugins/Dedupe": ["HeadwaterPluginKit", "HeadwaterModel"],
        "Plugins/Extract": ["HeadwaterPluginKit", "HeadwaterModel", "CNameTables"],
        "Plugins/Link": ["HeadwaterPluginKit", "HeadwaterModel"],
        "Plugins/examples": [
            "HeadwaterPluginKit", "HeadwaterModel", "HeadwaterTesting", "PackageDescription", "Testing", "Plugin",
        ],
        "Plugins/Summarize": ["HeadwaterPluginKit", "HeadwaterModel"],
        "Plugins/Command": ["HeadwaterPluginKit", "HeadwaterModel", "HeadwaterProcesses", "Synchronization"],
        "Sources/headwater": [
            "ArgumentParser", "Foundation", "Dispatch", "Glibc", "Synchronization", "HeadwaterModel", "HeadwaterStore",
            "HeadwaterLineage",
            "HeadwaterEngine",
            "HeadwaterPipelines", "HeadwaterPluginKit", "HeadwaterFetch", "HeadwaterClean", "HeadwaterDedupe", "HeadwaterExtract",
            "HeadwaterLink", "HeadwaterSummarize", "HeadwaterCommand", "HeadwaterWorkers", "HeadwaterTemplates",
            "HeadwaterProcesses", "HeadwaterCompression", "CMalloc",
        ],
    ]

    @Test("a target imports nothing but what its layer allows", arguments: allowed.keys.sorted())
    func imports(target: String) throws {
        let allowed = try #require(LayeringTests.allowed[target])
        let files = try swiftFiles(below: target)
        #expect(!files.isEmpty, "\(target) holds no Swift file")
        for file in files {
            for module in imported(by: try String(contentsOf: file, encoding: .utf8)) where !allowed.contains(module) {
                Issue.record(
                    "\(file.path) imports \(module), which \(target) may not; it may import \(allowed.sorted().joined(separator: ", "))"
                )
            }
        }
    }

    @Test("every folder of sources has its place in the layers")
    func complete() throws {
        for parent in ["Sources", "Plugins"] {
            let folders = try FileManager.default.contentsOfDirectory(atPath: repository.appendingPathComponent(parent).path)
            for folder in folders.sorted() where try !swiftFiles(below: "\(parent)/\(folder)").isEmpty {
                #expect(LayeringTests.allowed["\(parent)/\(folder)"] != nil, "\(parent)/\(folder) is in no layer")
            }
        }
    }

    @Test("an import that is not allowed is seen in every form it can take")
    func imports() {
        let text =
            "import A\n  public import B\n@preconcurrency import C\n@testable internal import struct D.E\n// import F\nlet x = \"import G\""
        #expect(imported(by: text) == ["A", "B", "C", "D"])
    }

    private func swiftFiles(below folder: String) throws -> [URL] {
        let url = repository.appendingPathComponent(folder)
        let all = FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
        return all.filter { $0.pathExtension == "swift" }.sorted { $0.path < $1.path }
    }

    /// The modules that a file imports, in order.
    private func imported(by text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard let keyword = words.firstIndex(of: "import"), words.count > keyword + 1,
                words[..<keyword].allSatisfy({
                    $0.hasPrefix("@") || ["public", "internal", "package", "private", "fileprivate"].contains($0)
                })
            else { return nil }
            let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let path = kinds.contains(words[keyword + 1]) && words.count > keyword + 2 ? words[keyword + 2] : words[keyword + 1]
            return path.split(separator: ".").first.map(String.init)
        }
    }
}
