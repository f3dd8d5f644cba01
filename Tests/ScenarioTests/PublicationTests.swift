import Foundation
import HeadwaterModel
import Testing

/// A publication must not be written over what the pipeline reads or keeps.
@Suite struct PublicationTests {
    private static func pipeline(from: String, to: String) -> String {
        """
        headwater: 1
        name: loop
        stages:
          fetch: {plugin: fetch, with: {from: [\(from)]}}
          clean: {plugin: clean, needs: fetch}
        publish:
          brief:
            from: clean
            to: \(to)

        """
    }

    @Test(
        "lint, plan and run refuse one that is a source, the pipeline file or in the store, at its place",
        arguments: [
            ("../pages", "../pages/brief.md", "source of the stage fetch"),
            ("../pages/**/*.md", "../pages/x/brief.md", "source of the stage fetch"),
            ("'!*.txt', '../pages/*.{md,txt}'", "../out/../pages/brief.md", "source of the stage fetch"),
            ("../pages/a.txt", "../pages/a.txt", "source of the stage fetch"),
            ("'@../list.txt'", "../pages/b.md", "source of the stage fetch"),
            ("../link", "../pages/brief.md", "source of the stage fetch"),
            ("../pages", "loop.yaml", "the pipeline file itself"),
            ("../pages", "../pipelines/loop.yaml", "the pipeline file itself"),
            ("../pages", "../artifacts/brief.md", "in the store"),
            ("../pages", "../artifacts/packs/brief.md", "in the store"),
        ])
    func misplaced(from: String, to: String, said: String) throws {
        let workspace = try workspace(PublicationTests.pipeline(from: from, to: to))
        for command in ["lint", "plan", "run"] {
            let answer = try workspace.run(command, "pipelines/loop.yaml")
            #expect(answer.status == 2, "\(answer.output)")
            #expect(answer.errors.contains("pipelines/loop.yaml:9:9"), "\(answer.errors)")
            #expect(answer.errors.contains(said), "\(answer.errors)")
            #expect(answer.errors.contains("expected"))
        }
        #expect(!workspace.exists("artifacts"))
    }

    @Test("the store that is named on the command line counts")
    func namedStore() throws {
        let workspace = try workspace(PublicationTests.pipeline(from: "../pages/*.txt", to: "../kept/brief.md"))
        #expect(try workspace.run("run", "pipelines/loop.yaml", "--store", "kept").status == 2)
        #expect(try workspace.run("run", "pipelines/loop.yaml", "--store", "other").status == 0)
    }

    @Test(
        "one that no element finds is written",
        arguments: [
            ("../pages/*.txt", "../pages/brief.md"), ("../pages, '!../pages/brief.md'", "../pages/brief.md"),
            ("../pages", "../pages/.brief.md"), ("../pages/a.txt", "../pages-out/brief.md"),
        ])
    func wellPlaced(from: String, to: String) throws {
        let workspace = try workspace(PublicationTests.pipeline(from: from, to: to))
        let answer = try workspace.run("run", "pipelines/loop.yaml")
        #expect(answer.status == 0, "\(answer.errors)")
    }

    private func workspace(_ pipeline: String) throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write(pipeline, to: "pipelines/loop.yaml")
        try workspace.write(
            "The bridge was closed on Monday, the council said, and it will stay closed for a month.", to: "pages/a.txt")
        try workspace.write("pages/*.md\n", to: "list.txt")
        try FileManager.default.createSymbolicLink(atPath: workspace.path + "/link", withDestinationPath: "pages")
        return workspace
    }
}
