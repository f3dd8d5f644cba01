import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// Pipelines that share fragments, from the command line.
@Suite struct IncludeTests {
    private func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.copySamples()
        try workspace.write(
            """
            parameters: {corpus: ../samples/news}
            stages:
              fetch: {with: {from: "${corpus}/**/*.{txt,html}"}}
              clean: {needs: fetch}

            """, to: "pipelines/shared/pages.yaml")
        try workspace.write(
            """
            headwater: 1
            name: sharing
            include: shared/pages.yaml
            stages:
              dedupe: {needs: clean}
            publish:
              texts: {from: dedupe, format: text, to: ../out/texts}

            """, to: "pipelines/sharing.yaml")
        return workspace
    }

    @Test("included stages run, their paths count from their own file, and the run keeps all files")
    func runs() throws {
        let workspace = try workspace()
        let ran = try workspace.run("run", "pipelines/sharing.yaml")
        #expect(ran.status == 0, "\(ran.errors)")
        #expect(workspace.exists("out/texts/hasklantern.example"))
        let shown = try workspace.run("show", "sharing", "--json").json
        let digest = try #require(shown.first?["included"]?["pipelines/shared/pages.yaml"]?.string)
        #expect(try workspace.run("gc", "--keep", "1", "--keep-days", "0").status == 0)
        #expect(try workspace.run("show", digest).output.hasPrefix("parameters: {corpus: ../samples/news}"))
        #expect(try workspace.run("verify", "--all").status == 0)
    }

    @Test("a fault is shown in the file that it lies in, also one that only running finds")
    func faults() throws {
        let workspace = try workspace()
        let missing = try workspace.run("run", "pipelines/sharing.yaml", "--set", "corpus=nowhere")
        #expect(missing.status != 0)
        #expect(missing.errors.contains("pipelines/shared/pages.yaml:3:24"), "\(missing.errors)")
        #expect(missing.errors.contains("  3 |   fetch: {with: {from: "), "\(missing.errors)")
        try workspace.write("stages:\n  clean: {needs: fetsh}\n  fetch: {with: {from: x}}\n", to: "pipelines/shared/pages.yaml")
        let linted = try workspace.run("lint", "pipelines/sharing.yaml", "--json")
        #expect(linted.status == 2)
        let fault = try #require(linted.json.first?["faults"]?.array?.first)
        #expect(fault["file"]?.string == "pipelines/shared/pages.yaml" && fault["line"]?.integer == 2)
        #expect(fault["suggestion"]?.string == "fetch")
    }

    @Test("fsck --repair mends with pipelines, and takes no file for one that is there to be included")
    func repair() throws {
        let workspace = try workspace()
        try workspace.write(try workspace.read("pipelines/shared/pages.yaml"), to: "pipelines/pages.yaml")
        let file = String(decoding: try workspace.read("pipelines/sharing.yaml"), as: UTF8.self)
        try workspace.write(file.replacing("shared/pages.yaml", with: "pages.yaml"), to: "pipelines/sharing.yaml")
        let news = String(decoding: try workspace.read("pipelines/pages.yaml"), as: UTF8.self)
        try workspace.write(news.replacing("../samples", with: "samples"), to: "pipelines/pages.yaml")
        let ran = try workspace.run("run", "pipelines/sharing.yaml")
        try #require(ran.status == 0, "\(ran.errors)")
        // What can be no pipeline for another reason is told of.
        try workspace.write("headwater: 1\nname: broken\n", to: "pipelines/broken.yaml")
        let packs = try FileManager.default.contentsOfDirectory(atPath: workspace.path + "/artifacts/packs")
        let pack = "artifacts/packs/" + (try #require(packs.first))
        var bytes = try workspace.read(pack)
        let page = Digest(of: try workspace.read("pipelines/samples/news/briefsaldria.example/grayle-dam-what-we-know.txt"))
        let entry = try #require(bytes.firstRange(of: page.bytes))
        bytes[entry.lowerBound + 40] ^= 1
        try workspace.write(bytes, to: pack)
        let repair = try workspace.run("fsck", "--repair")
        #expect(repair.status == 0, "\(repair.output) \(repair.errors)")
        let said = repair.output + repair.errors
        #expect(said.contains("mending with") && said.contains("pipelines/broken.yaml is no pipeline that can be run"))
        #expect(!said.contains("pages.yaml"), "\(said)")
    }

    @Test("a file that is included cannot be published over")
    func overwritten() throws {
        let workspace = try workspace()
        let text = String(decoding: try workspace.read("pipelines/sharing.yaml"), as: UTF8.self)
        try workspace.write(
            text.replacing("format: text, to: ../out/texts", with: "to: shared/pages.yaml"), to: "pipelines/sharing.yaml")
        let answer = try workspace.run("lint", "pipelines/sharing.yaml")
        #expect(answer.status == 2)
        #expect(answer.errors.contains("would be written over a file that the pipeline includes"), "\(answer.errors)")
    }
}
