import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore
import HeadwaterTesting
import Testing

@testable import HeadwaterEngine

/// What is kept of a request, as stores have it for good.
@Suite struct PinTests {
    private let digest = Digest(of: Array("page".utf8))

    @Test("a pin reads back as it was written", arguments: [true, false])
    func whole(isAnswer: Bool) throws {
        let response = Response(
            url: "https://site.example/b", redirects: [.init(url: "https://site.example/a", status: 301)],
            validators: Validators(entityTag: "\"x\"", lastModified: "Sat, 01 Nov 2025 10:00:00 GMT"))
        let outcome: Pin.Outcome =
            isAnswer
            ? .answer(digest, facts: ["contentType": "text/html"])
            : .failure(SourceFailure("it is gone", cause: "status", facts: ["status": "410"], isLasting: true))
        let pin = Pin(outcome, response: response, archive: digest, isList: isAnswer)
        let again = try Pin(json: JSON(parsing: pin.json.canonical))
        #expect(again.json == pin.json)
        #expect(again.response == response && again.archive == digest && again.isList == isAnswer)
        if case .failure(let failure) = again.outcome { #expect(failure.isLasting && failure.facts == ["status": "410"]) }
    }

    @Test("a pin of bytes and facts alone, as the first version wrote them, is an answer")
    func old() throws {
        let json: JSON = ["digest": .string(digest.description), "facts": ["contentType": "text/plain"]]
        guard case .answer(let found, let facts) = try Pin(json: json).outcome else {
            Issue.record("it is no answer")
            return
        }
        #expect(found == digest && facts == ["contentType": "text/plain"])
        #expect(try Pin(json: json).response == nil)
    }

    @Test(
        "what is neither an answer nor a failure is an error",
        arguments: ["{}", #"{"digest":"x"}"#, #"{"failure":{"reason":"x"}}"#, "[]"])
    func damage(_ text: String) throws {
        #expect(throws: TaskFault.self) { try Pin(json: JSON(parsing: Array(text.utf8))) }
    }

    @Test("the pin that no other supersedes counts")
    func order() throws {
        let folder = try TemporaryFolder(inMemory: true)
        let store = try Store.open(at: folder("store"), .write)
        defer { try? store.close() }
        let url = "https://site.example/"
        for text in ["first", "second", "third"] {
            let pin = Pin(.answer(Digest(of: Array(text.utf8)), facts: [:]), response: nil, archive: nil, isList: false)
            try Pins(of: url, in: store).supersede(by: pin, in: store)
        }
        guard case .answer(let digest, _)? = try Pins(of: url, in: store).current?.outcome else {
            Issue.record("nothing is pinned")
            return
        }
        #expect(digest == Digest(of: Array("third".utf8)))
    }

    @Test("a stage that needs an answer fails with the last of its partitions if none was had, and not before")
    func tally() throws {
        let url = "https://site.example/"
        let tally = SourceTally()
        let found = [FoundSource(locator: url, place: .request(url: url), size: 0)]
        let missed = SourcePartition(sources: [.init(locator: url, missed: SourceFailure("it is gone", cause: "status"))])
        try tally.add(missed, found, stage: 0, of: 2, .any)
        #expect(throws: StageError.self) { try tally.add(missed, found, stage: 0, of: 2, .any) }
        try tally.add(missed, found, stage: 1, of: 1, .none)
    }
}
