import Foundation
import HeadwaterModel
import Testing

/// Results on standard output, messages on standard error, and what happens where one of them takes nothing.
@Suite struct StreamTests {
    /// Runs a line of shell with the command as `$0`.
    private func shell(_ line: String, in workspace: Workspace) throws -> Workspace.Answer {
        Workspace.answer(try workspace.start("/bin/sh", ["-c", line, Workspace.command], [:]))
    }

    private func workspaceAfterRun() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.copySamples()
        try #require(try workspace.run("run", "pipelines/quickstart.yaml", "--quiet").status == 0)
        return workspace
    }

    @Test("a result that cannot be written is a failure with a message", arguments: ["records extract --json", "--help"])
    func fullOutput(command: String) throws {
        let workspace = try workspaceAfterRun()
        let full = try shell("\"$0\" \(command) > /dev/full", in: workspace)
        #expect(full.status == 1)
        #expect(full.errors.contains("standard output cannot be written: No space left on device"), "\(full.errors)")
        let closed = try shell("\"$0\" \(command) >&-", in: workspace)
        #expect(closed.status == 1 && closed.errors.contains("standard output"), "\(closed.errors)")
    }

    @Test("a reader that goes away ends the command quietly")
    func brokenPipe() throws {
        let workspace = try workspaceAfterRun()
        let line = "{ \"$0\" records extract --json; echo status $? >&2; } | head -n 1 > /dev/null"
        let answer = try shell(line, in: workspace)
        #expect(answer.errors == "status 0\n")
    }

    @Test("messages that nobody takes keep no run from its end", arguments: ["2> /dev/full", "2>&-", "2>&1 >&2 | true"])
    func lostMessages(redirection: String) throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        _ = try shell("\"$0\" run pipelines/quickstart.yaml --verbose \(redirection)", in: workspace)
        #expect(try workspace.run("log").output.contains("done"))
        #expect(workspace.exists("out/brief.md"))
    }

    @Test(
        "--color says whether there is colour, with an equals sign or a space",
        arguments: [("--color=always", true), ("--color=never", false), ("--color=auto", false)])
    func color(option: String, isColoured: Bool) throws {
        let workspace = try workspaceAfterRun()
        for arguments in [[option], option.split(separator: "=").map(String.init)] {
            let log = Workspace.answer(try workspace.start(["log"] + arguments))
            #expect(log.output.contains("\u{1B}[") == isColoured)
            let fault = Workspace.answer(try workspace.start(["show", "nothing"] + arguments))
            #expect(fault.errors.contains("\u{1B}[") == isColoured)
        }
    }
}
