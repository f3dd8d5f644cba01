import Foundation
import HeadwaterModel
import Testing

/// Plugins as `plugin new` writes them, and the kit for Python that they hold.
@Suite struct PluginNewTests {
    @Test("the Python kit keeps its laws")
    func kit() throws {
        let workspace = try Workspace()
        let answer = try workspace.execute(
            "sh", "-c", "cd '\(Workspace.repository)/Tests/PythonKit' && python3 -B -m unittest && python3 -B transcripts.py")
        #expect(answer.status == 0, "\(answer.output) \(answer.errors)")
        #expect(answer.output.contains("the kit says what the transcripts say"))
    }

    @Test("the plugin for awk answers alike with each awk that there is")
    func eachAwk() throws {
        var tried = 0
        for awk in ["gawk", "mawk", "original-awk", "busybox"] {
            let workspace = try Workspace()
            let found = try workspace.execute("sh", "-c", "command -v \(awk)")
            guard found.status == 0 else { continue }
            tried += 1
            // Busybox is what its name says.
            try workspace.write("", to: "bin/keep")
            let program = found.output.split(separator: "\n").first.map(String.init) ?? awk
            let answer = try workspace.execute(
                "sh", "-c",
                "ln -s '\(program)' bin/awk && PATH=\"$PWD/bin:$PATH\" sh '\(Workspace.repository)/Plugins/examples/lines-awk/test.sh'"
            )
            #expect(answer.status == 0, "\(awk): \(answer.output) \(answer.errors)")
        }
        #expect(tried > 0, "there is no awk at all, and the example needs one")
    }

    @Test(
        "a new plugin passes its own test and runs in a pipeline at once",
        arguments: [
            ("python", "python3 -B -m unittest", "{word: river}", "passage"),
            ("shell", "sh test.sh", "{pattern: '[Rr]iver'}", "line"),
        ])
    func ready(language: String, test: String, parameters: String, kind: String) throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        // A name that shadows nothing, though modules of Python are called so.
        let made = try workspace.run("plugin", "new", "json", "--language", language)
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.output.contains("next: "))
        let tested = try workspace.execute("sh", "-c", "cd Plugins/json && \(test)")
        #expect(tested.status == 0, "\(tested.output) \(tested.errors)")
        let checked = try workspace.run("plugin", "check", "Plugins/json")
        #expect(checked.status == 0, "\(checked.output) \(checked.errors)")
        try workspace.write(
            """
            headwater: 1
            name: new
            stages:
              fetch: {plugin: fetch, with: {from: [samples/news]}}
              clean: {plugin: clean, needs: fetch}
              mine: {plugin: json, needs: clean, with: \(parameters)}
            """, to: "pipelines/new.yaml")
        let run = try workspace.run("run", "pipelines/new.yaml")
        #expect(run.status == 0, "\(run.errors)")
        let records = try workspace.run("records", "mine", "--json").json
        #expect(records.count > 5)
        #expect(records.allSatisfy { $0["kind"]?.string == kind && $0["text"]?.string?.lowercased().contains("river") == true })
        #expect(try workspace.run("verify", "--all").status == 0)
    }

    @Test("a plugin in Swift, built as its package builds it, gives what the one in Python gives")
    func swift() throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        let made = try workspace.run("plugin", "new", "passages-swift", "--language", "swift", "--package", Workspace.repository)
        #expect(made.status == 0, "\(made.errors)")
        let package = String(decoding: try workspace.read("Plugins/passages-swift/Package.swift"), as: UTF8.self)
        #expect(package.contains("path: \"\(Workspace.repository)\""))
        #expect(try workspace.run("plugin", "new", "passages", "--language", "python").status == 0)
        let built = URL(fileURLWithPath: Workspace.command).deletingLastPathComponent().appendingPathComponent("passages-swift")
        try workspace.copy(built.path, to: "Plugins/passages-swift/.build/release/Plugin")
        try workspace.write(
            """
            headwater: 1
            name: both
            stages:
              fetch: {plugin: fetch, with: {from: [samples/news]}}
              clean: {plugin: clean, needs: fetch}
              one: {plugin: passages-swift, needs: clean, with: {word: river}}
              two: {plugin: passages, needs: clean, with: {word: river}}
            """, to: "pipelines/both.yaml")
        let run = try workspace.run("run", "pipelines/both.yaml")
        #expect(run.status == 0, "\(run.errors)")
        let records = try workspace.run("records", "one", "--json")
        #expect(records.json.count > 5)
        #expect(records.output == (try workspace.run("records", "two", "--json")).output)
    }

    @Test("what is there already is not written over, and a name has to be one that pipelines can say")
    func refused() throws {
        let workspace = try Workspace()
        #expect(try workspace.run("plugin", "new", "mine", "--language", "shell", "--in", "lib").status == 0)
        try workspace.write("changed", to: "lib/mine/stage.awk")
        let again = try workspace.run("plugin", "new", "mine", "--language", "python", "--in", "lib")
        #expect(again.status == 2)
        #expect(again.errors.contains("lib/mine is there already; choose another name, or remove it"))
        #expect(try workspace.read("lib/mine/stage.awk") == Array("changed".utf8))
        for name in ["Mine", "a b", "../up", "", "ü", "dedupe", String(repeating: "a", count: 101)] {
            let answer = try workspace.run("plugin", "new", name, "--language", "shell")
            #expect(answer.status == 2, "\(name)")
            #expect(answer.errors.contains("expected"), "\(answer.errors)")
        }
        let unknown = try workspace.run("plugin", "new", "x", "--language", "perl")
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("expected one of: python, swift, shell"))
        let lost = try workspace.run("plugin", "new", "x", "--language", "swift", "--package", "lib")
        #expect(lost.status == 2)
        #expect(lost.errors.contains("lib does not hold the package of Headwater"))
        #expect(!workspace.exists("Plugins"))
    }
}
