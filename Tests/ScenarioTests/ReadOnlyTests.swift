import Foundation
import HeadwaterModel
import Testing

/// A store that may be read and not written: every question is answered as ever, and what would write says that it cannot.
@Suite struct ReadOnlyTests {
    /// How a store is kept from being written.
    enum Means: String, CaseIterable {
        /// By its permissions, for a user whom they bind.
        case permissions
        /// By a file system that is mounted for reading.
        case mount

        /// Whether it can be had here; what it takes differs with who runs the tests.
        var isPossible: Bool {
            switch self {
            case .permissions:
                geteuid() != 0 || ReadOnlyTests.succeeds(["setpriv"] + Means.nobody + [Workspace.command, "--version"])
            case .mount: FullDiskTests.canMount
            }
        }

        static let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"]

        /// The line of shell that runs `arguments` with the store so.
        func wrapped(_ arguments: [String]) -> [String] {
            switch self {
            case .permissions:
                geteuid() == 0 ? ["setpriv"] + Means.nobody + [Workspace.command] + arguments : [Workspace.command] + arguments
            case .mount:
                [
                    "unshare", "-m", "/bin/sh", "-c",
                    "mount --bind artifacts artifacts && mount -o remount,bind,ro artifacts && exec \"$0\" \"$@\"",
                    Workspace.command,
                ] + arguments
            }
        }
    }

    private static func succeeds(_ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try? process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    private func run(_ arguments: [String], _ means: Means, in workspace: Workspace) throws -> Workspace.Answer {
        Workspace.answer(try workspace.start("/usr/bin/env", means.wrapped(arguments), [:]))
    }

    /// A store with a run, and with what a killed writer left, which a reader must not want to take up.
    private func workspace(_ means: Means) throws -> Workspace {
        let workspace = try Workspace()
        try workspace.copySamples()
        try #require(try workspace.run("run", "pipelines/quickstart.yaml", "--quiet").status == 0)
        try workspace.write("left behind", to: "artifacts/tmp/elsewhere.1.1.1.pack")
        if means == .permissions && geteuid() != 0 { try lock(workspace, 0o555) }
        return workspace
    }

    private func lock(_ workspace: Workspace, _ permissions: Int) throws {
        for folder in ["artifacts/packs", "artifacts/tmp", "artifacts"] {
            try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: workspace.path + "/" + folder)
        }
    }

    @Test(
        "questions are answered in the same words as of a store that may be written",
        arguments: Means.allCases.filter(\.isPossible))
    func questions(means: Means) throws {
        let workspace = try workspace(means)
        for arguments in [
            ["log"], ["show", "quickstart"], ["show", "clean"], ["show", "clean#1"], ["records", "extract", "--limit", "5"],
            ["records", "dedupe", "--dropped"], ["trace", "out/brief.md:5"], ["verify", "--all"], ["verify", "quickstart"],
            ["plan", "pipelines/quickstart.yaml", "--check"], ["explain", "clean"], ["fsck"], ["gc", "--dry-run"], ["tag"],
        ] {
            let expected = Workspace.answer(try workspace.start(arguments))
            let answer = try run(arguments, means, in: workspace)
            #expect(answer.status == 0, "\(arguments): \(answer.errors)")
            #expect(answer.output == expected.output, "\(arguments)")
        }
        let changed = try run(["plan", "pipelines/quickstart.yaml", "--set", "similarity=0.7"], means, in: workspace)
        #expect(changed.status == 0 || changed.status == 2, "\(changed.errors)")
    }

    @Test(
        "what would write ends with status 1 before it does anything, and says which folder and why",
        arguments: Means.allCases.filter(\.isPossible))
    func writing(means: Means) throws {
        let workspace = try workspace(means)
        try workspace.remove("out/brief.md")
        for arguments in [["run", "pipelines/quickstart.yaml"], ["tag", "quickstart", "kept"], ["gc"]] {
            let answer = try run(arguments, means, in: workspace)
            #expect(answer.status == 1, "\(arguments): \(answer.status) \(answer.output)")
            let reason = means == .mount ? "Read-only file system" : "Permission denied"
            #expect(answer.errors.contains("artifacts") && answer.errors.contains(reason), "\(arguments): \(answer.errors)")
            #expect(
                answer.errors.contains("check who owns it and how its file system is mounted"), "\(arguments): \(answer.errors)")
            #expect(answer.errors.split(separator: "\n").count == 1, "\(arguments): \(answer.errors)")
        }
        #expect(!workspace.exists("out/brief.md"))
        #expect(workspace.exists("artifacts/tmp/elsewhere.1.1.1.pack"))
        if geteuid() != 0 { try lock(workspace, 0o755) }
        #expect(try workspace.run("run", "pipelines/quickstart.yaml").status == 0)
    }
}
