import Foundation
import HeadwaterExtract
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting

/// One text with the records expected of it, as two files: `name.txt`, headed by fields of the document, and `name.expected`.
struct ExtractFixture: CustomStringConvertible, Sendable {
    let name: String
    private let folder: URL

    var description: String { name }

    /// All fixtures, by name.
    static func all() throws -> [ExtractFixture] {
        guard let folder = Bundle.module.url(forResource: "Fixtures", withExtension: nil) else { throw MissingFixtures() }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }.sorted()
            .map { ExtractFixture(name: String($0.dropLast(4)), folder: folder) }
    }

    struct MissingFixtures: Error {}

    /// What the stage makes of the text, one line a record.
    func actual() throws -> String {
        let (fields, text) = try document()
        return try ExtractBench.records(of: text, fields: fields).map(Self.line).joined(separator: "\n") + "\n"
    }

    func expected() throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name + ".expected"), encoding: .utf8)
    }

    /// Writes the expected records anew, beside the sources of this test.
    func rewrite() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        try actual().write(to: sources.appendingPathComponent(name + ".expected"), atomically: true, encoding: .utf8)
    }

    func document() throws -> (fields: [String: JSON], text: String) {
        var lines = try String(contentsOf: folder.appendingPathComponent(name + ".txt"), encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        var fields: [String: JSON] = [:]
        while let line = lines.first, let colon = line.firstIndex(of: ":"), ["published", "language"].contains(line[..<colon]) {
            fields[String(line[..<colon])] = .string(line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
            lines.removeFirst()
        }
        return (fields, lines.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private static func line(_ record: Record) -> String {
        let fields = record.fields.keys.sorted().map {
            "\($0)=\(record.fields[$0]?.string ?? record.fields[$0]?.description ?? "")"
        }
        return "\(record.kind) [\(String(decoding: record.text, as: UTF8.self))] \(fields.joined(separator: "; "))"
    }
}

/// The stage applied to one text, every record proven by the bench.
enum ExtractBench {
    static func records(of text: String, fields: [String: JSON] = [:], parameters: [String: JSON] = [:]) throws -> [Record] {
        let bench = StageBench()
        let stage = try Extract(parameters: Parameters(parameters, declared: Extract.declaration.parameters))
        return try bench.apply(stage, ["documents": [bench.cleaned(text, fields: fields)]]).records
    }
}
