import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterStore

@Suite struct BindingTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test("A binding is found at once, after sealing, and by another process")
    func found() throws {
        let store = try Store.open(at: folder.path, .write)
        for kind in Binding.Kind.allCases {
            try store.bind(Binding(kind: kind, key: "same key", value: Digest(of: Array(kind.rawValue.utf8))))
        }
        let reader = { try Store.open(at: folder.path, .read) }
        for source in [
            { store },
            {
                try store.close(); return store
            }, reader,
        ] {
            let source = try source()
            for kind in Binding.Kind.allCases {
                let expected = [Binding(kind: kind, key: "same key", value: Digest(of: Array(kind.rawValue.utf8)))]
                #expect(try source.bindings(kind, "same key") == expected)
                #expect(try source.bindings(kind) == expected)
                #expect(try source.bindings(kind, "same key ").isEmpty)
            }
        }
    }

    @Test("All values of a key are kept, each once, sorted by value, across packs")
    func allValues() throws {
        var expected: Set<Binding> = []
        for round in 0..<3 {
            let store = try Store.open(at: folder.path, .write)
            for value in [round, round + 1] {
                expected.insert(task(1, "\(value)"))
                try store.bind(task(1, "\(value)"))
            }
            #expect(try store.bindings(.task, "task-1") == expected.sorted())
            try store.close()
        }
        #expect(expected.count == 4)
        #expect(expected.sorted().map(\.value) == expected.map(\.value).sorted())
    }

    @Test("The keys of a kind are those of its bindings, each once, whatever pack has them")
    func keys() throws {
        for round in 0..<3 {
            let store = try Store.open(at: folder.path, .write)
            for number in 0..<5 { try store.bind(task(number + round, "\(round)")) }
            try store.bind(Binding(kind: .name, key: "b\(round)", value: Digest(of: [1])))
            try store.bind(Binding(kind: .name, key: "a", value: Digest(of: [UInt8(round)])))
            for (source, isClosed) in [(store, false), (try Store.open(at: folder.path, .read), true)] {
                if isClosed { try store.close() }
                for kind in Binding.Kind.allCases {
                    var keys: [String] = []
                    for binding in try source.bindings(kind) where keys.last != binding.key { keys.append(binding.key) }
                    #expect(try source.keys(kind) == keys)
                }
            }
        }
        #expect(try Store.open(at: folder.path, .read).keys(.name) == ["a", "b0", "b1", "b2"])
        #expect(try Store.open(at: folder.path, .read).keys(.task).count == 7)
    }

    @Test("Keys are bytes: those that differ only in Unicode normalisation are two")
    func keysAreBytes() throws {
        let store = try Store.open(at: folder.path, .write)
        let composed = Binding(kind: .name, key: "caf\u{E9}", value: Digest(of: [1]))
        let decomposed = Binding(kind: .name, key: "cafe\u{301}", value: Digest(of: [2]))
        try store.bind(composed)
        try store.bind(decomposed)
        #expect(try store.bindings(.name, "caf\u{E9}") == [composed])
        #expect(try store.bindings(.name, "cafe\u{301}") == [decomposed])
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test("A name's heads are its bindings that no other one supersedes")
    func heads() throws {
        func named(_ value: UInt8, _ supersedes: [Binding] = []) -> Binding {
            Binding(kind: .name, key: "brief", value: Digest(of: [value]), supersedes: supersedes.map(\.digest))
        }
        let first = named(1)
        let left = named(2, [first])
        let right = named(3, [first])
        let store = try Store.open(at: folder.path, .write)
        #expect(try store.heads(of: "brief").isEmpty)
        try store.bind(first)
        #expect(try store.heads(of: "brief") == [first])
        try store.bind(right)
        #expect(try store.heads(of: "brief") == [right])
        try store.bind(left)
        #expect(try store.heads(of: "brief") == [left, right].sorted { $0.value < $1.value })
        let merged = named(2, [left, right])
        try store.bind(merged)
        #expect(try store.heads(of: "brief") == [merged])
        // Going back to an earlier value is a new binding, and only that one counts.
        let back = named(1, [merged])
        try store.bind(back)
        #expect(try store.heads(of: "brief") == [back])
        try store.close()
        #expect(try Store.open(at: folder.path, .read).heads(of: "brief") == [back])
    }

    @Test("A binding's identity is its canonical JSON, in which the order of what it supersedes does not matter")
    func identity() throws {
        let one = Digest(of: [1])
        let two = Digest(of: [2])
        let binding = Binding(kind: .name, key: "a\"b", value: one, supersedes: [two, one, two])
        #expect(binding == Binding(kind: .name, key: "a\"b", value: one, supersedes: [one, two]))
        #expect(Binding(canonical: binding.canonical) == binding)
        let json = try JSON(parsing: binding.canonical)
        #expect(json.canonical == binding.canonical)
        #expect(Binding(canonical: binding.canonical + [0x20]) == nil)
        let plain = Binding(kind: .task, key: "k", value: one)
        #expect(
            String(decoding: plain.canonical, as: UTF8.self)
                == #"{"key":"k","kind":"task","supersedes":[],"value":"\#(one)"}"#)
        #expect(plain.digest == Digest(of: plain.canonical))
    }

    @Test("A key longer than an entry may be is refused")
    func tooLong() throws {
        let store = try Store.open(at: folder.path, .write)
        let key = String(repeating: "k", count: 1 << 20)
        #expect(kind { try store.bind(Binding(kind: .pin, key: key, value: Digest(of: []))) } == .tooLarge)
        try store.put([1])
        try store.close()
    }
}
