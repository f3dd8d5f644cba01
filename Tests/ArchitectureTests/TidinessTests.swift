import Foundation
import Testing

@Suite struct TidinessTests {
    /// Files that people write: what git tracks would be exact, but the tests must also run on an unpacked archive.
    private func files(_ folders: [String], _ extensions: Set<String>) -> [URL] {
        folders.flatMap { folder in
            (FileManager.default.enumerator(at: repository.appendingPathComponent(folder), includingPropertiesForKeys: nil)?
                .allObjects as? [URL] ?? [])
        }.filter { extensions.contains($0.pathExtension) }.sorted { $0.path < $1.path }
    }

    @Test("nothing is left to do later, and nothing outside a test may trap on purpose")
    func leftovers() throws {
        let words = ["TO" + "DO", "FIX" + "ME", "try" + "! ", "as" + "! "]
        for file in files(["Sources", "Plugins", "Tests"], ["swift"]) {
            for (number, line) in try String(contentsOf: file, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false
            ).enumerated() {
                for word in words where line.contains(word) { Issue.record("\(file.path):\(number + 1): \(word)") }
            }
        }
    }

    @Test("no source file grows past 500 lines")
    func size() throws {
        for file in files(["Sources", "Plugins"], ["swift"]) {
            let count = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
                .count
            #expect(count <= 500, "\(file.path) has \(count) lines")
        }
    }

    @Test("every built-in plugin says what it does in a README")
    func readmes() throws {
        for folder in ["Fetch", "Clean", "Dedupe", "Extract", "Summarize"] {
            let text = try String(contentsOf: repository.appendingPathComponent("Plugins/\(folder)/README.md"), encoding: .utf8)
            #expect(text.split(separator: "\n").count > 10, "Plugins/\(folder)/README.md")
        }
    }
}
