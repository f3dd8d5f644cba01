import Foundation
import HeadwaterModel
import HeadwaterPluginKit

/// Documents of a file, a JSON object a line, in partitions of 64.
struct LabelledDocuments: BenchmarkDocuments {
    private var records: [InputRecord] = []
    private var names: [RecordID: String] = [:]
    private var byID: [RecordID: InputRecord] = [:]

    private static let partitionSize = 64

    init(_ bytes: [UInt8]) throws {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let json = try JSON(parsing: Array(line))
            guard let id = json["id"]?.string, let text = json["text"]?.string else { continue }
            let record = InputRecord.made(text, locator: id, fields: [:])
            names[record.id] = id
            byID[record.id] = record
            records.append(record)
        }
    }

    var partitionCount: Int { (records.count + LabelledDocuments.partitionSize - 1) / LabelledDocuments.partitionSize }

    func partition(_ index: Int) -> [InputRecord] {
        let start = index * LabelledDocuments.partitionSize
        return Array(records[start..<min(start + LabelledDocuments.partitionSize, records.count)])
    }

    func document(_ member: Group.Member) -> InputRecord? { byID[member.record] }

    func line(_ drop: Drop) -> JSON {
        var out: [String: JSON] = [
            "record": name(drop.record), "reason": .string(drop.reason), "details": named(.object(drop.details)),
        ]
        if let survivor = drop.survivor { out["survivor"] = name(survivor) }
        return .object(out)
    }

    func line(_ note: Note) -> JSON {
        [
            "record": name(note.record), "kind": .string(note.kind), "reason": .string(note.reason),
            "details": named(.object(note.details)),
        ]
    }

    private func name(_ id: RecordID) -> JSON { .string(names[id] ?? id.description) }

    /// Ids of records in details are written as the names of the documents.
    private func named(_ json: JSON) -> JSON {
        switch json {
        case .string(let text): RecordID(text).map(name) ?? json
        case .array(let elements): .array(elements.map(named))
        case .object(let members): .object(members.mapValues(named))
        default: json
        }
    }
}

/// Made documents: every fifth says again, with some words altered, cut or added, what one before it says; every 20th has a
/// passage of one before it. Each is made anew when it is asked for.
struct PlantedDocuments: BenchmarkDocuments {
    let count: Int
    private let index: [(word: UInt64, document: Int32)]

    private static let partitionSize = 64
    private static let wordCount = 120

    init(count: Int) {
        self.count = count
        index = (0..<count).map { (PlantedDocuments.made($0).id.leadingWord, Int32($0)) }.sorted {
            ($0.word, $0.document) < ($1.word, $1.document)
        }
    }

    var partitionCount: Int { (count + PlantedDocuments.partitionSize - 1) / PlantedDocuments.partitionSize }

    func partition(_ index: Int) -> [InputRecord] {
        let start = index * PlantedDocuments.partitionSize
        return (start..<min(start + PlantedDocuments.partitionSize, count)).map(PlantedDocuments.made)
    }

    func document(_ member: Group.Member) -> InputRecord? {
        let word = member.record.leadingWord
        var (low, high) = (0, index.count)
        while low < high {
            let middle = (low + high) / 2
            if index[middle].word < word { low = middle + 1 } else { high = middle }
        }
        while low < index.count, index[low].word == word {
            let record = PlantedDocuments.made(Int(index[low].document))
            if record.id == member.record { return record }
            low += 1
        }
        return nil
    }

    private static func words(_ seed: Int, _ count: Int) -> [String] {
        (0..<count).map { spread(UInt64(bitPattern: Int64(seed)) &* 1_000_003 &+ UInt64($0)) % 20_000 }.map { "w\($0)" }
    }

    private static func made(_ number: Int) -> InputRecord {
        var text: [String]
        let chance = spread(UInt64(number) ^ 0x5EED)
        if number % 5 == 4 {
            // Copies of one text lie near each other, as they do in a crawl.
            let original = number - 1 - Int(chance % 4)
            text = words(original, wordCount)
            switch chance / 7 % 4 {
            case 0: text.removeLast(wordCount / 4)
            case 1: text += words(-number, wordCount)
            case 2: for step in stride(from: 7, to: text.count, by: 20) { text[step] = "altered" }
            default: break
            }
        } else {
            text = words(number, wordCount)
            if number % 20 == 1, number > 20 { text[30..<70] = words(number - 11, wordCount)[20..<60] }
        }
        return InputRecord.made(
            text.joined(separator: " "), locator: "https://site\(number % 97).example/\(number)",
            fields: ["published": .string("2025-01-\(10 + number % 20)")])
    }
}

/// SplitMix64's finalizer (Steele, Lea, Flood 2014).
private func spread(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
}

extension InputRecord {
    /// A record whose text is all of a source of its own.
    fileprivate static func made(_ text: String, locator: String, fields: [String: JSON]) -> InputRecord {
        let bytes = Array(text.utf8)
        let segment = Segment(length: bytes.count, source: 0, offset: 0, sourceLength: bytes.count, mode: .verbatim)
        let record = Record(
            kind: "document", text: bytes, segments: bytes.isEmpty ? [] : [segment], sources: [Digest(of: bytes)],
            fields: fields.merging(["locator": .string(locator)]) { old, _ in old })
        return InputRecord(record) { TracedText($0) }
    }
}
