import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Testing

@Suite struct UserNotesTests {
    private static func run(_ text: String, in ledger: Ledger) throws -> (run: RunManifest, target: Digest, artifact: Digest) {
        let artifact = try ledger.artifact([try ledger.shard([try ledger.source("a", text)])])
        let run = try ledger.run([("fetch", artifact)])
        return (run, try #require(try History(store: ledger.store).target(of: run)), artifact)
    }

    @Test("notes are listed in the order in which they were written, one that was removed no more")
    func listed() throws {
        let ledger = try Ledger()
        let history = History(store: ledger.store)
        let (_, target, artifact) = try UserNotesTests.run("one", in: ledger)
        let second = try history.note("second", on: target, written: 20)
        _ = try history.note("first", on: target, written: 10)
        _ = try history.note("on what it made", on: artifact, written: 5)
        #expect(try history.notes()[target]?.map(\.text) == ["first", "second"])
        #expect(try history.notes()[artifact]?.map(\.text) == ["on what it made"])
        #expect(try history.removeNote(second.id).map(\.id) == [second.id])
        #expect(try history.notes()[target]?.map(\.text) == ["first"])
        #expect(try history.removeNote(second.id).isEmpty)
        // Written again it is there again.
        _ = try history.note("second", on: target, written: 20)
        #expect(try history.notes()[target]?.map(\.text) == ["first", "second"])
    }

    @Test("a note is no name of a run: histories, tags and references are as without it")
    func apart() throws {
        let ledger = try Ledger()
        let history = History(store: ledger.store)
        let (run, target, artifact) = try UserNotesTests.run("one", in: ledger)
        let names = try history.names()
        // A run that is put together by hand is never whole.
        let faults = ledger.report().faults.map(\.problem)
        _ = try history.note("a note", on: target, written: 1)
        _ = try history.note("another", on: artifact, written: 1)
        #expect(try history.names() == names && history.runs().readable == [run] && history.tags().isEmpty)
        #expect(ledger.report().faults.map(\.problem) == faults)
    }

    @Test("a collection keeps the notes on what it keeps, and that one was removed, and nothing of the others")
    func collected() throws {
        let ledger = try Ledger()
        let history = History(store: ledger.store)
        let old = try UserNotesTests.run("old", in: ledger)
        let new = try UserNotesTests.run("new", in: ledger)
        for (text, target) in [
            ("old run", old.target), ("old artifact", old.artifact), ("new run", new.target), ("new artifact", new.artifact),
        ] {
            _ = try history.note(text, on: target, written: 1)
        }
        let removed = try history.note("removed", on: new.target, written: 2)
        _ = try history.removeNote(removed.id)
        let (kept, _) = try Retention(newest: 1, since: nil).runs(of: history)
        #expect(kept == [new.target])
        var reached = Reachability(history: history)
        for run in kept { try reached.add(run: run) }
        try reached.addBindings()
        let notes = try ledger.store.bindings(.name).filter { $0.key.hasPrefix("note:") }
        for binding in notes {
            let isNew = binding.key.contains(new.target.hex) || binding.key.contains(new.artifact.hex)
            #expect(reached.bindings.contains(binding.digest) == isNew, "\(binding.key)")
            let isHead = try ledger.store.heads(of: binding.key).contains { $0.digest == binding.digest }
            if isNew && isHead { #expect(reached.blobs.contains(binding.value)) }
        }
        #expect(notes.count == 6)
    }

    @Test("two writers that do not know of each other lose no note")
    func concurrent() throws {
        let ledger = try Ledger()
        let (_, target, _) = try UserNotesTests.run("one", in: ledger)
        try ledger.store.close()
        let path = ledger.folder("store")
        let (a, b) = (try Store.open(at: path, .write), try Store.open(at: path, .write))
        _ = try History(store: a).note("from a", on: target, written: 1)
        _ = try History(store: b).note("from b", on: target, written: 2)
        try a.close()
        try b.close()
        let history = History(store: try Store.open(at: path, .read))
        #expect(try history.notes()[target]?.map(\.text) == ["from a", "from b"])
    }
}
