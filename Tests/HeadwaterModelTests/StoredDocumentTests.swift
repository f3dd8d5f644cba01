import HeadwaterModel
import Testing

/// Documents that a store gives back: whoever reads one must be able to count with what it says.
@Suite struct StoredDocumentTests {
    static let digest = JSON.string(Digest(of: [UInt8]()).description)

    @Test("a published file's map is read back as it was written")
    func map() throws {
        let map = PublishedMap(
            artifact: Digest(of: [1]), stage: "summarize",
            runs: [.init(length: 3), .init(length: 5, record: 2, offset: 7), .init(length: JSON.largestInteger - 8)])
        #expect(try PublishedMap(json: map.json) == map)
        #expect(PublishedMap.records(in: 4..<6, of: map.runs).map(\.text) == [8..<10])
    }

    @Test("a map with numbers that no file can have is refused")
    func falseMaps() {
        let large = JSON.integer(JSON.largestInteger)
        for runs: [JSON] in [
            [[0, -1, 0]], [[-1, -1, 0]], [[1, -2, 0]], [[1, 0, -1]], [[1, 0]], [[1, "x", 0, 0]], [[1, "x", 0]], [1],
            [[large, -1, 0], [1, -1, 0]], [[large, -1, 0], [large, -1, 0]], [[1, 0, large]], [[1, .integer(.max), 0]],
            [[.integer(.max), -1, 0]], [[1, .integer(.min), 0]], [[1, 0, .integer(.max)]],
        ] {
            let json: JSON = [
                "schema": .string(PublishedMap.schema), "artifact": StoredDocumentTests.digest, "stage": "x",
                "runs": .array(runs),
            ]
            #expect(throws: DocumentError.self, "\(runs)") { try PublishedMap(json: json) }
        }
    }

    @Test(
        "counts, sizes and times that are negative or beyond 2 to the 53rd are refused",
        arguments: [-1, 1 << 53, Int.max, Int.min])
    func counts(count: Int) throws {
        let content = ShardContent(digest: Digest(of: [1]), byteCount: 1, recordCount: 1, dropCounts: ["x": 1])
        #expect(try TaskResult(json: TaskResult.shard(content).json) == .shard(content))
        for change: (inout ShardContent) -> Void in [
            { $0.byteCount = count }, { $0.recordCount = count }, { $0.dropCounts = ["x": count] },
        ] {
            var changed = content
            change(&changed)
            #expect(throws: DocumentError.self) { try TaskResult(json: TaskResult.shard(changed).json) }
        }
        var run = RunManifest(
            id: RunID(random: 1), pipeline: "p", file: Digest(of: [1]), parameters: [:], started: 1, finished: 2, state: .done,
            stages: [], publications: [], failures: [], contradictions: [])
        #expect(try RunManifest(json: run.json) == run)
        run.started = count
        #expect(throws: DocumentError.self) { try RunManifest(json: run.json) }
    }
}
