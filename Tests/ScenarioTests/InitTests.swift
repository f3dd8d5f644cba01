import Foundation
import HeadwaterModel
import Testing

/// `init` writes a pipeline that finds the pages of the folder it was given, whatever the folder is called.
@Suite struct InitTests {
    @Test(
        "a folder with characters that patterns and substitutions know is found under its own name, and no other is",
        arguments: [
            "pages [2024]", "what?", "all*", "{a,b}", "cost ${name}", "back\\slash", "say \"pages\"", "tab\tpages", "new\nline",
            "!pages", "@pages", "ünïcode pages", "$${twice}", "#1",
        ])
    func oddNames(folder: String) throws {
        let workspace = try Workspace()
        let page = "The ferry stayed at its mooring on Monday, and the harbour was closed until the evening tide came in."
        try workspace.write(page, to: folder + "/own.txt")
        try workspace.write(page, to: "all pages/other.txt")
        try workspace.write(page, to: "a/other.txt")
        let written = try workspace.run("init", folder, "--name", "odd")
        #expect(written.status == 0, "\(written.errors)")
        let run = try workspace.run("run", "pipelines/odd.yaml", "--stage", "fetch", "--quiet")
        #expect(run.status == 0, "\(run.errors)")
        let locators = try workspace.run("records", "fetch", "--json").json.map { $0["fields"]?["locator"] }
        #expect(locators == ["own.txt"])
    }

    @Test("the pipeline is called like the folder", arguments: [("saved-pages", "saved-pages"), ("News 2024/", "news-2024")])
    func names(folder: String, name: String) throws {
        let workspace = try Workspace()
        try workspace.write("page", to: folder + "/a.txt")
        #expect(try workspace.run("init", folder).output.contains("wrote pipelines/\(name).yaml"))
    }

    @Test("a folder whose name gives none asks for --name", arguments: ["Новости", "___", String(repeating: "long", count: 26)])
    func nameless(folder: String) throws {
        let workspace = try Workspace()
        try workspace.write("page", to: folder + "/a.txt")
        let answer = try workspace.run("init", folder)
        #expect(answer.status == 2)
        #expect(answer.errors.contains("--name pages") && answer.errors.contains(folder), "\(answer.errors)")
        #expect(try workspace.run("init", folder, "--name", "pages").status == 0)
    }

    @Test("where the file cannot be written, the message says which and why")
    func notWritable() throws {
        let workspace = try Workspace()
        try workspace.write("page", to: "pages/a.txt")
        try workspace.write("a file", to: "pipelines")
        let answer = try workspace.run("init", "pages")
        #expect(answer.status == 1)
        #expect(answer.errors.contains("cannot write pipelines/pages.yaml: "), "\(answer.errors)")
    }
}
