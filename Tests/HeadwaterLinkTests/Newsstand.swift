import HeadwaterExtract
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting

@testable import HeadwaterLink

/// Makes invented pages, has them read by extract, and has link tie together what they say.
final class Newsstand {
    let bench = StageBench()

    /// A page with what extract finds in it.
    struct Page {
        var document: InputRecord
        var annotations: [InputRecord]
    }

    func page(
        _ text: String, _ locator: String, published: String? = "2031-04-08", fields: [String: JSON] = [:]
    ) throws -> Page {
        var all = fields.merging(["locator": .string(locator), "language": "en"]) { $1 }
        if let published { all["published"] = .string(published) }
        let document = bench.cleaned(text, fields: all)
        let extract = try Extract(parameters: Parameters([:], declared: Extract.declaration.parameters))
        return Page(document: document, annotations: bench.inputs(try bench.apply(extract, ["documents": [document]]).records))
    }

    static func stage(_ parameters: [String: JSON] = [:]) throws -> Link {
        try Link(parameters: Parameters(parameters, declared: Link.declaration.parameters))
    }

    /// What link makes of pages that lie in these partitions.
    func records(_ partitions: [[Page]], _ parameters: [String: JSON] = [:]) throws -> [Record] {
        let inputs = partitions.map { pages in
            ["documents": pages.map(\.document), "annotations": pages.flatMap(\.annotations)]
        }
        return try bench.run(try Self.stage(parameters), inputs).flatMap(\.records)
    }

    /// The links between two pages of one sentence each, that name what the event is in another one.
    func links(_ a: String, _ b: String, _ dates: (String?, String?) = ("2031-04-08", "2031-04-09")) throws -> [Record] {
        let background = "\n\nThe ferry Alder Star lies off Cape Torren. Norlin Lines owns it. Sandry is the nearest port."
        let pages = [
            try page(a + background.replacing("lies", with: "is seen"), "one.example/a", published: dates.0),
            try page(b + background.replacing("owns it", with: "is its owner"), "two.example/b", published: dates.1),
        ]
        let sentences = [a, b].map { Array($0.utf8) }
        return try records([pages]).filter { record in
            record.kind == "link" && sentences.contains { $0.starts(with: record.text) }
        }
    }
}

extension Record {
    func text(_ field: String) -> String { fields[field]?.string ?? "" }
    func texts(_ field: String) -> [String] { fields[field]?.array?.compactMap(\.string) ?? [] }
    func number(_ field: String) -> Int { fields[field]?.integer ?? -1 }
}
