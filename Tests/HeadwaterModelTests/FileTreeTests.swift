import HeadwaterModel
import Testing

@Suite struct FileTreeTests {
    private static let digest = Digest(of: [UInt8]("content".utf8))

    private static func file(_ path: String, executable: Bool = false) -> FileTree.Entry {
        .init(path, .file(.init(digest: digest, byteCount: 7, isExecutable: executable)))
    }

    private static func link(_ path: String, _ target: String) -> FileTree.Entry { .init(path, .link(target: target)) }

    @Test("a tree that is written and read again is the same, whatever order its entries came in")
    func roundTrip() throws {
        let entries: [FileTree.Entry] = [
            FileTreeTests.file("b/z", executable: true), .init("b", .folder), FileTreeTests.file("b-"), .init("b/empty", .folder),
            FileTreeTests.link("b/up", "../b-"), FileTreeTests.link("b/through", "self/z"), FileTreeTests.link("b/self", "."),
        ]
        let tree = try FileTree(entries: entries)
        #expect(tree == (try FileTree(entries: entries.reversed())))
        #expect(tree.entries.map(\.path) == ["b", "b-", "b/empty", "b/self", "b/through", "b/up", "b/z"])
        #expect(try FileTree(json: JSON(parsing: tree.json.canonical)) == tree)
        #expect(tree.byteCount == 14)
        guard case .tree(let read) = try Artifact(json: tree.json) else {
            Issue.record("a tree was not read as one")
            return
        }
        #expect(read == tree)
        #expect(try TaskResult(json: TaskResult.tree(tree).json) == .tree(tree))
    }

    @Test(
        "what cannot be a tree is refused",
        arguments: [
            [file("/a")], [file("")], [file("../a")], [.init("a", .folder), file("a/./b")], [file("a"), file("a")], [file("a/b")],
            [file("a"), file("a/b")], [link("a", "b"), file("a/c")], [link("a", "nowhere")], [link("a", "../a")],
            [link("a", "/etc/passwd")],
            [link("a", "a")], [link("a", "b"), link("b", "a")], [file("f"), link("a", "f/../f")], [link("a", ".")],
            [.init("d", .folder), link("d/out", "../.."), file("x")],
            [.init("d", .folder), link("d/l", ".."), link("a", "d/l/../x")],
        ] as [[FileTree.Entry]])
    func refused(entries: [FileTree.Entry]) {
        #expect(throws: DocumentError.self) { try FileTree(entries: entries) }
    }

    @Test("a stored tree with wrong totals, an unknown mode or entries out of order is refused")
    func stored() throws {
        let tree = try FileTree(entries: [FileTreeTests.file("a"), FileTreeTests.file("b")])
        for (old, new) in [("\"bytes\":14", "\"bytes\":15"), ("\"644\"", "\"777\""), ("\"path\":\"a\"", "\"path\":\"c\"")] {
            let text = String(decoding: tree.json.canonical, as: UTF8.self)
            let changed = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false).joined(separator: new)
            #expect(changed != text)
            #expect(throws: DocumentError.self, "\(new)") { try FileTree(json: JSON(parsing: Array(changed.utf8))) }
        }
    }

    @Test("a file's map is proven against its sources, whether the file is text or not")
    func map() throws {
        let source: [UInt8] = [0xFF, 0x00, 0x41, 0x42, 0x43]
        let name = Digest(of: source)
        let map = FileMap(
            sources: [name],
            segments: [
                Segment(length: 3, source: 0, offset: 1, sourceLength: 3, mode: .verbatim), .synthetic(length: 1),
                Segment(length: 1, source: 0, offset: 0, sourceLength: 1, mode: .verbatim),
            ])
        #expect(try FileMap(json: JSON(parsing: map.json.canonical)) == map)
        var proof = RecordProof()
        try map.check([0x00, 0x41, 0x42, 0x0A, 0xFF], &proof) { _ in source }
        #expect(proof.bytesByMode == ["verbatim": 4, "synthetic": 1])
        #expect(throws: RecordProof.Fault.self) { try map.check([0x00, 0x41, 0x43, 0x0A, 0xFF], &proof) { _ in source } }
        #expect(throws: RecordProof.Fault.self) { try map.check([0x00, 0x41, 0x42, 0x0A], &proof) { _ in source } }
    }
}
