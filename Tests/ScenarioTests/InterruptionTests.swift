import Foundation
import HeadwaterModel
import Testing

@Suite struct InterruptionTests {
    private static func workspace(pages: Int = 1500) throws -> Workspace {
        let workspace = try Workspace()
        for page in 0..<pages {
            let sentences = (0..<12).map {
                "Sentence \($0) of page \(page) tells what the harbour council decided about pier \(page % 97) on that day."
            }
            try workspace.write(sentences.joined(separator: "\n\n"), to: "pages/\(page).txt")
        }
        try workspace.write(
            """
            headwater: 1
            name: long
            stages:
              fetch: {plugin: fetch, with: {from: [pages]}}
              clean: {plugin: clean, needs: fetch}
              extract: {plugin: extract, needs: clean}

            """, to: "long.yaml")
        return workspace
    }

    @Test("Ctrl-C ends a run with status 130, keeps what was done, and the next run goes on from there to the same artifacts")
    func interrupt() throws {
        let workspace = try InterruptionTests.workspace()
        let started = try workspace.start(["run", "long.yaml", "--store", "store", "--verbose", "--jobs", "1"])
        // The first line that a task of clean is done: from then on there is something to keep.
        var said = ""
        while !said.contains("clean: apply") {
            let data = started.errors.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the run ended before it could be interrupted: \(said)")
            said += String(decoding: data, as: UTF8.self)
        }
        started.process.interrupt()
        let answer = Workspace.answer(started)
        #expect(answer.status == 130, "\(answer.errors)")
        #expect(try workspace.run("log", "--store", "store").output.contains("interrupted"))
        let next = try workspace.run("run", "long.yaml", "--store", "store", "--json")
        #expect(next.status == 0, "\(next.errors)")
        let hits = try #require(next.json.first?["stages"]?.array).compactMap { $0["hits"]?.integer }
        #expect(hits.reduce(0, +) >= 2, "what was done is not done again: \(next.output)")
        let fresh = try workspace.run("run", "long.yaml", "--store", "other", "--json")
        #expect(try QuickstartTests.artifacts(next) == QuickstartTests.artifacts(fresh))
    }

    @Test("a polite kill and a terminal that goes away end a run as Ctrl-C does", arguments: [SIGTERM, SIGHUP])
    func otherSignals(number: Int32) throws {
        let answer = try signalled(number, "exec \"$0\" run long.yaml --store store --verbose --jobs 1")
        #expect(answer.status == 130, "\(answer.errors)")
        #expect(answer.errors.contains("interrupted"))
    }

    @Test("a run started with nohup outlives its terminal")
    func nohup() throws {
        let answer = try signalled(SIGHUP, "trap '' HUP; exec \"$0\" run long.yaml --store store --verbose --jobs 1")
        #expect(answer.status == 0, "\(answer.errors)")
    }

    /// Starts a run by a line of shell, with the command as `$0`, and sends it a signal once it has something to keep.
    private func signalled(_ number: Int32, _ line: String) throws -> Workspace.Answer {
        let workspace = try InterruptionTests.workspace(pages: 300)
        let started = try workspace.start("/bin/sh", ["-c", line, Workspace.command], [:])
        var said = ""
        while !said.contains("clean: apply") {
            let data = started.errors.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the run ended before the signal: \(said)")
            said += String(decoding: data, as: UTF8.self)
        }
        Foundation.kill(started.process.processIdentifier, number)
        return Workspace.answer(started)
    }

    @Test("killed outright, a run leaves a store that the next one goes on with")
    func kill() throws {
        let workspace = try InterruptionTests.workspace()
        let started = try workspace.start(["run", "long.yaml", "--store", "store", "--verbose"])
        var said = ""
        while !said.contains("clean: apply") {
            let data = started.errors.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the run ended before it could be killed: \(said)")
            said += String(decoding: data, as: UTF8.self)
        }
        Foundation.kill(started.process.processIdentifier, SIGKILL)
        started.process.waitUntilExit()
        let next = try workspace.run("run", "long.yaml", "--store", "store", "--json")
        #expect(next.status == 0, "\(next.errors)")
        let hits = try #require(next.json.first?["stages"]?.array).compactMap { $0["hits"]?.integer }
        #expect(hits.reduce(0, +) >= 1, "whole entries of the unsealed pack were taken up: \(next.output)")
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
    }
}
