import HeadwaterTesting
import Testing

@testable import HeadwaterModel

/// What is read straight from bytes is what a reader of JSON values makes of them, whatever the bytes are.
@Suite struct CanonicalScannerTests {
    /// Trees with folders, links, maps and names of all kinds; some have names that need an escape.
    private static func tree(_ random: inout SplitMix) -> FileTree? {
        let names = ["a", "b-1", "é", "e\u{301}", "日本", "x y", "quo\"te", "back\\slash", "tab\t", "\u{1F600}", "\u{7F}", "~"]
        var entries: [FileTree.Entry] = []
        var folders = [""]
        for number in 0..<random.below(12) {
            let path = folders[random.below(folders.count)] + names[random.below(random.below(2) == 0 ? 6 : 12)] + "\(number)"
            let digest = Digest(of: Array(path.utf8))
            switch random.below(8) {
            case 0, 1:
                entries.append(.init(path, .folder))
                folders.append(path + "/")
            case 2: entries.append(.init(path, .link(target: path.split(separator: "/").last.map(String.init) ?? "")))
            default:
                entries.append(
                    .init(
                        path,
                        .file(
                            .init(
                                digest: digest, byteCount: random.below(3) == 0 ? 0 : random.below(1 << 40),
                                isExecutable: random.below(2) == 0, map: random.below(3) == 0 ? Digest(of: [1]) : nil))))
            }
        }
        // A link to itself leads nowhere: point them at some file.
        let target = entries.first { if case .file = $0.kind { !$0.path.contains("/") } else { false } }?.path
        for index in entries.indices {
            guard case .link = entries[index].kind else { continue }
            let up = String(repeating: "../", count: entries[index].path.utf8.count { $0 == UInt8(ascii: "/") })
            entries[index].kind = target.map { .link(target: up + $0) } ?? .folder
        }
        return try? FileTree(entries: entries)
    }

    private static func entry(_ random: inout SplitMix) -> TaskEntry {
        let names = [
            "", "a/b.html", "é", "日本", "with \"marks\"", "line\n", "\u{0}", "plain but a little longer than eight bytes",
        ]
        func digest() -> Digest { Digest(of: [UInt8(random.below(256))]) }
        return TaskEntry(
            phase: KeyDocument.Phase.allCases[random.below(5)], partition: names[random.below(names.count)], key: digest(),
            result: digest(), isHit: random.below(2) == 0, log: random.below(3) == 0 ? digest() : nil,
            containers: random.below(3) == 0 ? digest() : nil)
    }

    /// One byte changed, left out or put in, the end cut off, or a part said twice.
    private static func damaged(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        guard !bytes.isEmpty else { return [UInt8(random.below(256))] }
        var bytes = bytes
        let place = random.below(bytes.count)
        let likely = Array("{}[],:\"\\ \n0129-.aefns".utf8)
        switch random.below(6) {
        case 0: bytes[place] = UInt8(random.below(256))
        case 1: bytes[place] = likely[random.below(likely.count)]
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(likely[random.below(likely.count)], at: place)
        case 4: bytes.removeLast(bytes.count - place)
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + random.below(90))], at: place)
        }
        return bytes
    }

    @Test("a tree's bytes read as their JSON does, and so do bytes with damage anywhere")
    func trees() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(seed: seed)
        var scanned = 0
        for _ in 0..<300 {
            guard let tree = CanonicalScannerTests.tree(&random) else { continue }
            let bytes = tree.canonical
            #expect(bytes == tree.json.canonical, "seed \(seed)")
            #expect(try Artifact(reading: bytes) == .tree(tree), "seed \(seed)")
            if let read = bytes.withUnsafeBufferPointer({ FileTree(scanning: $0) }) {
                scanned += 1
                #expect(read == tree, "seed \(seed)")
            } else {
                #expect(bytes.contains(UInt8(ascii: "\\")), "only an escape makes the scanner give up; seed \(seed)")
            }
            for _ in 0..<20 {
                let damaged = CanonicalScannerTests.damaged(bytes, &random)
                #expect((try? Artifact(reading: damaged)) == (try? Artifact(json: JSON(parsing: damaged))), "seed \(seed)")
            }
        }
        #expect(scanned > 20, "seed \(seed)")
    }

    @Test("a task list's bytes read as their JSON does, and so do bytes with damage anywhere")
    func taskLists() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(seed: seed)
        func byTree(_ bytes: [UInt8]) -> [TaskEntry]? {
            try? JSONLines.decode(bytes).map { try TaskEntry(json: $0) }
        }
        for _ in 0..<200 {
            let entries = (0..<random.below(6)).map { _ in CanonicalScannerTests.entry(&random) }
            let bytes = JSONLines.encode(canonical: entries.map(\.canonical))
            #expect(try TaskEntry.list(reading: bytes) == entries, "seed \(seed)")
            for _ in 0..<30 {
                let damaged = CanonicalScannerTests.damaged(bytes, &random)
                #expect((try? TaskEntry.list(reading: damaged)) == byTree(damaged), "seed \(seed)")
            }
        }
    }

    @Test("a result's bytes are those of its JSON and read as that does, and so do bytes with damage anywhere")
    func results() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(seed: seed)
        let reasons = ["language", "too-short", "é", "\u{1F600}", "\u{FF5E}", "say \"no\"", "a"]
        for _ in 0..<200 {
            func digest() -> Digest { Digest(of: [UInt8(random.below(256))]) }
            let result: TaskResult
            switch random.below(5) {
            case 0: result = .blob(digest())
            case 1: result = .slices([digest(), digest()])
            case 2: result = .tree(try CanonicalScannerTests.tree(&random) ?? FileTree(entries: []))
            default:
                let counts = reasons.filter { _ in random.below(3) == 0 }.map { ($0, random.below(1000)) }
                result = .shard(
                    ShardContent(
                        digest: digest(), byteCount: random.below(1 << 30), recordCount: random.below(100),
                        dropsDigest: random.below(2) == 0 ? digest() : nil, notesDigest: random.below(2) == 0 ? digest() : nil,
                        dropCounts: Dictionary(counts, uniquingKeysWith: { $1 })))
            }
            let bytes = result.canonical
            #expect(bytes == result.json.canonical, "seed \(seed)")
            #expect(try TaskResult(reading: bytes) == result, "seed \(seed)")
            if case .shard(let content) = result {
                let range = KeyRange(first: "é", last: "quo\"te")
                let dataset = Dataset(shards: [Shard(content, range: range), Shard(content, range: KeyRange(group: ""))])
                #expect(dataset.canonical == dataset.json.canonical, "seed \(seed)")
                #expect(try Artifact(reading: dataset.canonical) == .dataset(dataset), "seed \(seed)")
            }
            for _ in 0..<30 {
                let damaged = CanonicalScannerTests.damaged(bytes, &random)
                #expect((try? TaskResult(reading: damaged)) == (try? TaskResult(json: JSON(parsing: damaged))), "seed \(seed)")
            }
        }
    }

    @Test("names that differ in their normal form only are different names, and a folder is not its other spelling")
    func spelling() throws {
        let file = FileTree.Kind.file(.init(digest: Digest(of: [1]), byteCount: 1, isExecutable: false))
        #expect(try FileTree(entries: [.init("é", file), .init("e\u{301}", file)]).entries.count == 2)
        #expect(throws: DocumentError.self) { try FileTree(entries: [.init("é", .folder), .init("e\u{301}/a", file)]) }
    }
}

extension SplitMix {
    /// From 0 to `limit`, without it.
    fileprivate mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}
