import Foundation
import HeadwaterClean
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting

/// The pages under `Fixtures/`: `share-bar.html` is a page, `share-bar.txt` the text that is to come of it;
/// `flat-….page.txt` is a page flattened to text. Where `….json` stands beside them, it holds the fields.
enum PageFixtures {
    static let folder =
        Bundle.module.url(forResource: "Fixtures", withExtension: nil)
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

    /// The fixtures in the source tree, where rewritten ones are to go.
    static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

    static let pages: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".html") || $0.hasSuffix(".page.txt") }.sorted()
    }()

    static let rewrites = ProcessInfo.processInfo.environment["HEADWATER_REWRITE_GOLDEN"] != nil

    static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appendingPathComponent(name))) }

    /// The name without its endings.
    static func stem(_ page: String) -> String {
        page.replacingOccurrences(of: ".page.txt", with: "").replacingOccurrences(of: ".html", with: "")
    }

    static func clean(_ bytes: [UInt8], as name: String = "page.html", _ parameters: [String: JSON] = [:]) throws
        -> StageBench.Result
    {
        let bench = StageBench()
        let page = bench.document(bytes, locator: name, mediaType: name.hasSuffix(".txt") ? "text/plain" : "text/html")
        let stage = try Clean(parameters: Parameters(parameters, declared: Clean.declaration.parameters))
        return try bench.apply(stage, ["documents": [page]])
    }
}
