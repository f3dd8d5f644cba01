import Foundation
import HeadwaterPipelines
import Testing

@Suite struct PipelineFileTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "headwater-\(UUID().uuidString)")
    private let text = "headwater: 1\nname: test\nstages: {fetch: {with: {from: texts}}}\n"

    @Test("a file is found from the working directory, and its folder is what its paths count from")
    func found() throws {
        try withFolder {
            let pipeline = try load("pipelines/./news.yaml")
            #expect(pipeline.file == "pipelines/./news.yaml")
            #expect(pipeline.root == folder.path() + "/pipelines")
            #expect(pipeline.stages[0].places["from"]?.map(\.base) == [folder.path() + "/pipelines"])
            #expect(try load(folder.path() + "/pipelines/news.yaml").root == pipeline.root)
        }
    }

    @Test("a file that is not there is named with the one that was most likely meant")
    func missing() throws {
        try withFolder {
            #expect(
                report("pipelines/nwes.yaml") == """
                    pipelines/nwes.yaml: error: there is no such file
                      expected the path of a pipeline file
                      did you mean "pipelines/news.yaml"?

                    """)
            #expect(report("nowhere/at/all.yaml").hasPrefix("nowhere/at/all.yaml: error: there is no such file\n"))
            #expect(report("pipelines/news.yaml/x").contains("there is no such file"))
        }
    }

    @Test("what is no readable file is refused with the reason, and a pipe does not keep anybody waiting")
    func noFile() throws {
        try withFolder {
            #expect(report("pipelines").hasPrefix("pipelines: error: this is not a file\n"))
            #expect(report("").contains("error: this is no path\n"))
            #expect(report("a\0b").contains("error: this is no path\n"))
            #expect(mkfifo(folder.path() + "/pipe.yaml", 0o600) == 0)
            #expect(report("pipe.yaml").hasPrefix("pipe.yaml: error: this is not a file\n"))
        }
    }

    @Test("a file over 1 MiB is refused, one of exactly 1 MiB is read")
    func large() throws {
        try withFolder {
            let padded = text + String(repeating: "#", count: 1 << 20 - text.utf8.count)
            try write(padded, "exact.yaml")
            try write(padded + "#", "large.yaml")
            #expect(try load("exact.yaml").name == "test")
            #expect(report("large.yaml").hasPrefix("large.yaml: error: the file is larger than 1 MiB\n"))
        }
    }

    private func load(_ path: String) throws -> Pipeline {
        try Pipeline.load(
            path: path, workingDirectory: folder.path(), plugins: ScriptedPlugins.all)
    }

    private func report(_ path: String) -> String {
        do {
            _ = try load(path)
            return ""
        } catch {
            return "\(error)"
        }
    }

    private func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: folder.appending(path: name)) }

    private func withFolder(_ body: () throws -> Void) throws {
        try FileManager.default.createDirectory(at: folder.appending(path: "pipelines"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(text, "pipelines/news.yaml")
        try body()
    }
}
