import Foundation
import HeadwaterModel
import HeadwaterPipelines
import Testing

/// Every file of `Fixtures/valid` and `Fixtures/invalid` is a case: a new case is a new file. Those of `Fixtures/shared` are included. Lines `# --set name=value`
/// at the top of a file are given as on the command line. What is expected stands beside each file; it is written anew
/// when HEADWATER_REWRITE_GOLDEN is set.
@Suite struct FixtureTests {
    @Test("an invalid file gives exactly the message beside it", arguments: Fixture.all(in: "invalid"))
    func invalid(_ fixture: Fixture) throws {
        let overrides = fixture.overrides
        #expect(throws: PipelineFaults.self) {
            try ScriptedPlugins.parse(fixture.bytes, path: fixture.path, overrides: overrides, included: Fixture.shared)
        }
        do {
            _ = try ScriptedPlugins.parse(fixture.bytes, path: fixture.path, overrides: overrides, included: Fixture.shared)
        } catch {
            try fixture.expect(error.description)
        }
    }

    @Test("a valid file resolves to exactly the canonical JSON beside it", arguments: Fixture.all(in: "valid"))
    func valid(_ fixture: Fixture) throws {
        let pipeline = try ScriptedPlugins.parse(
            fixture.bytes, path: fixture.path, overrides: fixture.overrides, included: Fixture.shared)
        try fixture.expect(pipeline.json.description + "\n")
    }

    @Test("there are fixtures, and none without its YAML file")
    func complete() {
        #expect(Fixture.all(in: "invalid").count >= 30)
        #expect(Fixture.all(in: "valid").count >= 8)
        #expect(Fixture.strays == [])
    }
}

struct Fixture: Sendable, CustomTestStringConvertible {
    let folder: String
    let name: String
    let bytes: [UInt8]

    var testDescription: String { name }

    /// As somebody would name it who stands in the folder above the pipelines.
    var path: String { "pipelines/" + name + ".yaml" }

    var overrides: [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").prefix { $0.hasPrefix("# --set ") }
            .map { String($0.dropFirst("# --set ".count)) }
    }

    private var golden: String { name + (folder == "valid" ? ".json" : ".txt") }

    func expect(_ actual: String) throws {
        if ProcessInfo.processInfo.environment["HEADWATER_REWRITE_GOLDEN"] != nil {
            let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(folder)/\(golden)")
            try Data(actual.utf8).write(to: file)
            return
        }
        let file = Fixture.root.appending(path: folder).appending(path: golden)
        let expected = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(actual == expected)
    }

    static func all(in folder: String) -> [Fixture] {
        files(in: folder).filter { $0.pathExtension == "yaml" }.compactMap { file in
            guard let data = try? Data(contentsOf: file) else { return nil }
            return Fixture(folder: folder, name: file.deletingPathExtension().lastPathComponent, bytes: [UInt8](data))
        }
    }

    /// A file of `Fixtures/shared`, which lies beside the folder of the pipelines.
    static func shared(_ path: String) -> [UInt8]? {
        guard path.contains("/shared/") else { return nil }
        let name = URL(filePath: path).lastPathComponent
        return (try? Data(contentsOf: root.appending(path: "shared").appending(path: name))).map { [UInt8]($0) }
    }

    /// Expected outputs of which the input is gone.
    static var strays: [String] {
        ["valid", "invalid"].flatMap { folder in
            let names = Set(all(in: folder).map(\.name))
            return files(in: folder).filter { !names.contains($0.deletingPathExtension().lastPathComponent) }.map(
                \.lastPathComponent)
        }
    }

    private static var root: URL { Bundle.module.bundleURL.appending(path: "Fixtures") }

    private static func files(in folder: String) -> [URL] {
        let found = try? FileManager.default.contentsOfDirectory(
            at: root.appending(path: folder), includingPropertiesForKeys: nil)
        return (found ?? []).sorted { $0.lastPathComponent < $1.lastPathComponent }
    }
}
