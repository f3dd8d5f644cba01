import HeadwaterModel
import HeadwaterPluginKit

/// Leaves out documents that are equal to an earlier one, through all five rounds: the transcript `five-rounds`.
struct Twins: Stage {
    static let declaration = PluginDeclaration(
        name: "twins", version: "1", summary: "Leave out equal documents", inputs: [.init("documents")], rounds: .examine,
        emits: ["document"])

    init(parameters: Parameters) throws {}

    func sketch(_ partition: Partition) throws -> [UInt8] {
        let lines = try partition["documents"].map { "\($0.id) \(try $0.text().string.prefix { $0 != "\n" })" }
        return Array(lines.joined(separator: "\n").utf8)
    }

    func combine(_ sketches: Sketches) throws -> Combination {
        var members: [String: [Group.Member]] = [:]
        for partition in 0..<sketches.count {
            for line in String(decoding: try sketches[partition], as: UTF8.self).split(separator: "\n") {
                let parts = line.split(separator: " ", maxSplits: 1)
                guard parts.count == 2, let id = RecordID(String(parts[0])) else { throw StageError("no sketch of ours") }
                members[String(parts[1]), default: []].append(.init(role: "documents", partition: partition, record: id))
            }
        }
        let groups = members.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map {
            Group(key: $0.key, members: $0.value)
        }
        return .groups(groups, carry: Array(String(groups.count).utf8))
    }

    func examine(_ group: Partition) throws -> [UInt8] {
        Set(try group["documents"].map { try $0.text().bytes }).count == 1 ? Array("equal".utf8) : []
    }

    func decide(_ verdicts: Verdicts) throws -> [[UInt8]] {
        var slices = [[String]](repeating: [], count: verdicts.partitionCount)
        for index in 0..<verdicts.count {
            let (group, verdict) = try verdicts[index]
            guard verdict == Array("equal".utf8) else { continue }
            for member in group.members.dropFirst() {
                slices[member.partition].append("\(member.record) \(group.members[0].record)")
            }
        }
        return slices.map { Array($0.joined(separator: "\n").utf8) }
    }

    func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        var survivors: [RecordID: RecordID] = [:]
        for line in String(decoding: slice, as: UTF8.self).split(separator: "\n") {
            let ids = line.split(separator: " ").map { RecordID(String($0)) }
            if let twin = ids[0] { survivors[twin] = ids[1] }
        }
        for document in partition["documents"] {
            if let survivor = survivors[document.id] {
                output.drop(Drop(document.id, reason: "equal", survivor: survivor))
            } else {
                try output.pass(document)
            }
        }
    }
}

/// Emits the words that only one partition has: the transcript `slices`.
struct Rare: Stage {
    static let declaration = PluginDeclaration(
        name: "rare", version: "1", summary: "Take out rare words", inputs: [.init("documents")], rounds: .combine,
        emits: ["word"])

    init(parameters: Parameters) throws {}

    private func words(_ text: TracedText) -> [(word: String, range: Range<Int>)] {
        Tokenizer.tokens(text.bytes).filter { $0.kind == .word && $0.count > 3 }.map { token in
            (String(decoding: text.bytes[token.range], as: UTF8.self).lowercased(), token.range)
        }
    }

    func sketch(_ partition: Partition) throws -> [UInt8] {
        let found = Set(try partition["documents"].flatMap { words(try $0.text()).map(\.word) })
        return Array(found.sorted().joined(separator: "\n").utf8)
    }

    func combine(_ sketches: Sketches) throws -> Combination {
        let all = try (0..<sketches.count).map {
            Set(String(decoding: try sketches[$0], as: UTF8.self).split(separator: "\n").map(String.init))
        }
        return .slices(
            all.indices.map { index in
                let others = all.indices.filter { $0 != index }.reduce(into: Set<String>()) { $0.formUnion(all[$1]) }
                return Array(all[index].subtracting(others).sorted().joined(separator: "\n").utf8)
            })
    }

    func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        let rare = Set(String(decoding: slice, as: UTF8.self).split(separator: "\n").map(String.init))
        for document in partition["documents"] {
            let text = try document.text()
            for (word, range) in words(text) where rare.contains(word) {
                try output.emit(RecordDraft(kind: "word", text: text[range], parents: [document.id]))
            }
        }
    }
}

/// Cannot do what it is asked: the transcript `failures`.
struct Refusing: Stage {
    static let declaration = PluginDeclaration(
        name: "refusing", version: "1", summary: "Refuse", inputs: [.init("documents")],
        parameters: [ParameterDeclaration("words", .list(of: .text), help: "words")], emits: [])

    init(parameters: Parameters) throws {
        for (index, word) in parameters.texts("words").enumerated() where !word.allSatisfy(\.isLetter) {
            throw StageError("\(word) is no word", parameter: "words", element: index)
        }
    }

    func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        if !partition["documents"].isEmpty { throw StageError("the dictionary is being written", isTransient: true) }
    }
}
