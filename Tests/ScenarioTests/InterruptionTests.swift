import Foundation
import HeadwaterModel
import Testing

@Suite struct InterruptionTests {
    private static func workspace() throws -> Workspace {
        let workspace = try Workspace()
        for page in 0..<1500 {
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
