import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Testing

@testable import HeadwaterEngine

/// A published folder holds what belongs to it, and what others put there is theirs.
@Suite struct PublishedFolderTests {
    private func pages(_ names: String...) -> [(locator: String, text: String, fields: [String: JSON])] {
        names.map { ($0, "The text of \($0).", ["locator": .string($0)]) }
    }

    private func files(_ shelf: Shelf) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: shelf.folder("out")).sorted()
    }

    /// Publishes these pages in the folder of that shelf.
    private func publish(_ pages: [(locator: String, text: String, fields: [String: JSON])], in shelf: Shelf) throws {
        try shelf.show(pages)
        _ = try shelf.publish(to: "out/", "format: text")
    }

    @Test("files that no longer belong are removed, with folders that are empty without them")
    func removal() throws {
        let shelf = try Shelf([])
        try publish(pages("a", "old/b", "old/deep/c", "kept/d"), in: shelf)
        #expect(try files(shelf).filter { $0.hasSuffix(".txt") } == ["a.txt", "kept/d.txt", "old/b.txt", "old/deep/c.txt"])
        try publish(pages("a", "kept/e"), in: shelf)
        #expect(try files(shelf) == ["a.txt", "kept", "kept/e.txt"])
        #expect(shelf.warnings == [])
        try publish([], in: shelf)
        #expect(try files(shelf) == [])
    }

    @Test("a user's files stay, in the folder and below it")
    func strangersStay() throws {
        let shelf = try Shelf([])
        try publish(pages("old/b", "c"), in: shelf)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: shelf.folder("out/old/mine.txt")))
        try publish(pages("c"), in: shelf)
        #expect(try files(shelf) == ["c.txt", "old", "old/mine.txt"])
    }

    @Test("a file that no longer belongs and was changed is left there, and told of")
    func changed() throws {
        let shelf = try Shelf([])
        try publish(pages("a", "b"), in: shelf)
        try Data("changed".utf8).write(to: URL(fileURLWithPath: shelf.folder("out/b.txt")))
        try publish(pages("a"), in: shelf)
        #expect(try files(shelf) == ["a.txt", "b.txt"])
        #expect(shelf.warnings.first?.contains("b.txt no longer belongs") == true)
    }

    @Test("a file that is in the way and that no run wrote is not overwritten, and nothing else is written either")
    func strangerInTheWay() throws {
        let shelf = try Shelf([])
        try publish(pages("a"), in: shelf)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: shelf.folder("out/z.txt")))
        #expect(throws: TaskFault.self) { try publish(pages("a", "b", "z"), in: shelf) }
        #expect(try files(shelf) == ["a.txt", "z.txt"])
        #expect(try shelf.read("out/z.txt") == "mine")
        try Data("The text of z.".utf8).write(to: URL(fileURLWithPath: shelf.folder("out/z.txt")))
        try publish(pages("a", "b", "z"), in: shelf)
        #expect(try files(shelf) == ["a.txt", "b.txt", "z.txt"], "a file that is as it would be is nobody's obstacle")
    }

    @Test("what a stopped run wrote is known to the next, and a published file that was changed is written anew")
    func stopped() throws {
        let shelf = try Shelf([])
        try publish(pages("a", "b"), in: shelf)
        // No run manifest was written, as when a run is killed behind its publications.
        try Data("changed".utf8).write(to: URL(fileURLWithPath: shelf.folder("out/b.txt")))
        try publish(pages("b", "c"), in: shelf)
        #expect(try files(shelf) == ["b.txt", "c.txt"])
        #expect(try shelf.read("out/b.txt") == "The text of b.")
    }
}
