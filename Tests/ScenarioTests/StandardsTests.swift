import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// What `export` writes, as other people's readers of the standards take it: PyPI's `prov` and OpenLineage's client.
@Suite struct StandardsTests {
    /// A Python that has them: that of the environment, or the one that `make test-standards` makes.
    static let python: String? = {
        let own = Workspace.repository + "/.build-standards/venv/bin/python"
        let named = ProcessInfo.processInfo.environment["HEADWATER_STANDARDS_PYTHON"] ?? own
        return FileManager.default.isExecutableFile(atPath: named) ? named : nil
    }()

    static let isMissing: Comment = "needs prov and openlineage-python from PyPI; `make test-standards` installs them"

    /// A pipeline with what it needs, and things in it to export.
    struct Sample: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var references: [String]
        var status: Int32 = 0
        var make: @Sendable () throws -> Workspace
    }

    private static func workspace(_ pipeline: String, _ files: [String: String]) throws -> Workspace {
        let workspace = try Workspace()
        for (path, text) in files { try workspace.write(text, to: path) }
        try workspace.write(pipeline, to: "pipelines/p.yaml")
        return workspace
    }

    private static let story =
        "The ferry left Sandry at noon, the harbour master said. Fog held it off the rocks until four o'clock.\n"

    static let samples = [
        Sample(testDescription: "the quickstart", references: ["quickstart", "clean", "summarize", "summarize#1", "extract#3"]) {
            let workspace = try Workspace()
            try workspace.copySamples()
            try workspace.copy(Workspace.repository + "/pipelines/quickstart.yaml", to: "pipelines/p.yaml")
            return workspace
        },
        Sample(testDescription: "claims that documents make", references: ["claims", "link", "link#2"]) {
            let workspace = try Workspace()
            try workspace.copySamples()
            try workspace.copy(Workspace.repository + "/pipelines/claims.yaml", to: "pipelines/p.yaml")
            return workspace
        },
        Sample(testDescription: "members of one file, and a folder for each", references: ["members", "clean", "clean#2"]) {
            let lines = (0..<90).map { #"{"id":"l\#($0)","text":"\#($0) \#(story.dropLast())"}"# + "\n" }.joined()
            return try workspace(
                """
                headwater: 1
                name: members
                stages:
                  fetch: {with: {from: [../data]}}
                  clean: {needs: fetch, with: {minimumLength: 10}}
                publish:
                  pages: {from: clean, format: text, to: out/pages/}
                """, ["data/reports.jsonl": lines])
        },
        Sample(testDescription: "programs on files", references: ["programs", "work", "again"]) {
            try workspace(
                """
                headwater: 1
                name: programs
                stages:
                  texts: {plugin: fetch, with: {from: ["../texts/*.txt"]}}
                  work: {plugin: command, needs: {texts: texts}, with: {run: [cat, inputs/texts/a.txt], stdout: all.txt, outputs: [all.txt]}}
                  again:
                    plugin: command
                    needs: {files: work}
                    with: {each: files, run: [cat, "inputs/files/{}"], stdout: "{.}.copy", outputs: ["{.}.copy"]}
                """, ["texts/a.txt": story])
        },
        Sample(testDescription: "names that no standard likes", references: ["names", "clean", "clean#1"]) {
            let names = ["a b.txt", "-'quoted\".txt", "dots...", "ünïcode/漢字.txt", "percent%20.txt", "comma,(bracket)=;:.txt"]
            return try workspace(
                "headwater: 1\nname: names\nstages:\n  fetch: {with: {from: [../odd]}}\n  clean: {needs: fetch, with: {minimumLength: 10}}\n",
                Dictionary(uniqueKeysWithValues: names.map { ("odd/" + $0, "\($0): \(story)") }))
        },
        Sample(testDescription: "a run that failed", references: ["broken"], status: 1) {
            try workspace(
                """
                headwater: 1
                name: broken
                stages:
                  texts: {plugin: fetch, with: {from: ["../texts/*.txt"]}}
                  work: {plugin: command, needs: {texts: texts}, with: {run: [sh, -c, "echo '\\"no\\"' >&2; exit 3"], outputs: [all.txt]}}
                  after: {plugin: command, needs: {files: work}, with: {run: ["true"], outputs: [x]}}
                """, ["texts/a.txt": story])
        },
    ]

    private func made(_ sample: Sample) throws -> Workspace {
        let workspace = try sample.make()
        let run = try workspace.run("run", "pipelines/p.yaml", "--quiet")
        try #require(run.status == sample.status, "\(run.errors)")
        return workspace
    }

    private func check(_ workspace: Workspace, _ arguments: String...) throws -> JSON {
        let checker = Workspace.repository + "/Tests/Standards/check.py"
        let answer = Workspace.answer(try workspace.start(try #require(StandardsTests.python), [checker] + arguments, [:]))
        #expect(answer.status == 0, "\(arguments): \(answer.errors)")
        return answer.json.first ?? .null
    }

    @Test(
        "`prov` reads PROV-JSON and PROV-N, finds the same in both, nothing undeclared, and nothing that derives from itself",
        .enabled(if: python != nil, isMissing), arguments: samples)
    func prov(_ sample: Sample) throws {
        let workspace = try made(sample)
        for reference in sample.references {
            for detail in reference.contains("#") ? ["stages"] : ["stages", "tasks"] {
                for format in ["prov-json", "prov-n"] {
                    let answer = try workspace.run(
                        "export", reference, "--format", format, "--detail", detail, "--output", "export.\(format)")
                    #expect(answer.status == 0, "\(reference): \(answer.errors)")
                }
                let counts = try check(workspace, "prov", "export.prov-json", "export.prov-n")
                #expect(counts["ProvActivity"]?.integer ?? 0 > 1, "\(reference)")
                #expect(counts["ProvDerivation"]?.integer ?? 0 > 0 || sample.status != 0, "\(reference)")
            }
        }
    }

    @Test(
        "OpenLineage's client takes each event and facet, each run begins and ends once, and columns come from columns that are there",
        .enabled(if: python != nil, isMissing), arguments: samples)
    func openLineage(_ sample: Sample) throws {
        let workspace = try made(sample)
        for reference in sample.references where !reference.contains("#") {
            let answer = try workspace.run("export", reference, "--format", "openlineage", "--output", "events.ndjson")
            #expect(answer.status == 0, "\(reference): \(answer.errors)")
            let counts = try check(workspace, "openlineage", "events.ndjson")
            #expect(counts["runs"]?.integer ?? 0 > 1)
            #expect((counts["errorMessage"] != nil) == (sample.status != 0))
        }
    }

    @Test("the checker finds what is wrong", .enabled(if: python != nil, isMissing))
    func faults() throws {
        let workspace = try made(StandardsTests.samples[2])
        for format in ["prov-json", "prov-n", "openlineage"] {
            try workspace.run("export", "members", "--format", format, "--output", "good.\(format)")
        }
        func spoilt(_ format: String, _ old: String, _ new: String) throws -> Int32 {
            let text = String(decoding: try workspace.read("good.\(format)"), as: UTF8.self)
            try #require(text.contains(old), "\(format) has no \(old)")
            try workspace.write(text.replacing(old, with: new, maxReplacements: 1), to: "bad.\(format)")
            let checker = Workspace.repository + "/Tests/Standards/check.py"
            let arguments =
                format == "openlineage" ? ["openlineage", "bad.openlineage"] : ["prov", "good.prov-json", "bad.prov-n"]
            return Workspace.answer(try workspace.start(try #require(StandardsTests.python), [checker] + arguments, [:])).status
        }
        #expect(try spoilt("prov-n", "wasDerivedFrom(output", "wasInfluencedBy(output") != 0)
        #expect(try spoilt("prov-n", "hw:records=\"90\"", "hw:records=\"91\"") != 0)
        #expect(try spoilt("openlineage", "\"rowCount\":", "\"rows\":") != 0)
        #expect(try spoilt("openlineage", "\"eventType\":\"COMPLETE\"", "\"eventType\":\"START\"") != 0)
        #expect(try spoilt("openlineage", "\"field\":\"bytes\"", "\"field\":\"octets\"") != 0)
    }

    @Test("the same run is exported in the same bytes, to a file and to standard output")
    func deterministic() throws {
        let workspace = try made(StandardsTests.samples[0])
        for format in ["prov-json", "prov-n", "openlineage"] {
            let answer = try workspace.run("export", "quickstart", "--format", format)
            #expect(answer.status == 0, "\(answer.errors)")
            #expect(answer.errors.isEmpty)
            let written = try workspace.run("export", "quickstart", "--format", format, "--output", "export", "--json")
            #expect(String(decoding: try workspace.read("export"), as: UTF8.self) == answer.output)
            #expect(written.json.first?["bytes"]?.integer == answer.output.utf8.count)
        }
    }

    @Test("what cannot be exported is a fault of the command line, and says what can")
    func faultsOfUse() throws {
        let workspace = try made(StandardsTests.samples[2])
        func refused(_ reference: String, _ more: String..., saying words: String) throws {
            let answer = Workspace.answer(try workspace.start(["export", reference] + more))
            #expect(answer.status == 2 && answer.errors.contains(words), "\(answer.errors)")
        }
        try refused("members", "--format", "rdf", saying: "prov-json, prov-n, openlineage")
        try refused("members", "--format", "prov-n", "--detail", "all", saying: "stages, tasks")
        try refused("clean#1", "--format", "openlineage", saying: "prov-json or prov-n")
        try refused("members", "--format", "openlineage", "--detail", "tasks", saying: "prov-json and prov-n")
        try refused("clean#1:0-4", "--format", "prov-n", saying: "headwater trace")
        try refused("clean#1", "--format", "prov-n", "--detail", "tasks", saying: "a run or an artifact")
        try refused("source:reports.jsonl!/l0", "--format", "prov-n", saying: "name a pipeline")
    }
}
