import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Testing

/// A small corpus with a pipeline over it, and what tests of erasure ask of the store behind it.
struct ErasureBench {
    let workspace: Workspace

    static let pipeline = "pipelines/harbour.yaml"
    static let store = "artifacts"

    /// Pages by name, of sentences that occur in one page each; `copy.txt` says nearly what `first.txt` says.
    static func page(_ number: Int) -> String {
        let who = ["Ada Venn", "Borin Kask", "Celia Drum", "Davor Pell", "Elin Straw", "Fenno Gar"][number % 6]
        return """
            Harbour report number \(number)

            The crane on pier \(number + 3) lifted \(number * 17 + 40) crates of lemons before the siren sounded at \(number + 1) o'clock. \
            “Nobody on watch number \(number) saw the barge until it touched the wall,” said \(who), who keeps the log of the \
            \(["northern", "southern", "eastern", "western", "inner", "outer"][number % 6]) basin.

            On 1\(number % 9) March 2031 the council of district \(number) voted for a new lamp, \(number * 3 + 12) metres tall, \
            and asked \(who) to choose the colour. The vote for lamp \(number) was not close.

            """
    }

    init(snapshot: String = "copy", pages: Int = 6, publish: Bool = true) throws {
        workspace = try Workspace()
        for number in 0..<pages { try workspace.write(ErasureBench.page(number), to: "pages/page-\(number).txt") }
        try workspace.write(
            """
            headwater: 1
            name: harbour
            stages:
              fetch: {plugin: fetch, with: {from: [../pages], snapshot: \(snapshot)}}
              clean: {plugin: clean, needs: fetch, with: {minimumLength: 10}}
              dedupe: {plugin: dedupe, needs: clean}
              extract: {plugin: extract, needs: dedupe}
              summarize: {plugin: summarize, needs: [dedupe, extract], with: {sentences: 12}}
            \(publish ? "publish:\n  brief: {from: summarize, format: markdown, to: ../out/brief.md}\n  texts: {from: dedupe, format: text, to: ../out/texts/}\n" : "")
            """, to: ErasureBench.pipeline)
    }

    var path: String { workspace.path + "/" + ErasureBench.store }

    @discardableResult
    func run(_ more: String...) throws -> JSON {
        let answer = Workspace.answer(try workspace.start(["run", ErasureBench.pipeline, "--json"] + more))
        try #require(answer.status == 0, "\(answer.errors)")
        return try #require(answer.json.first)
    }

    /// Erases and expects that it is done, with the proof that nothing is left.
    @discardableResult
    func erase(_ sources: String..., more: [String] = []) throws -> JSON {
        let answer = Workspace.answer(
            try workspace.start(["erase"] + sources + ["--execute", "--receipt", "receipt.json", "--json"] + more))
        try #require(answer.status == 0, "\(answer.output) \(answer.errors)")
        return try #require(answer.json.first)
    }

    func plan(_ sources: String...) throws -> JSON {
        let answer = Workspace.answer(try workspace.start(["erase"] + sources + ["--plan", "--json"]))
        try #require(answer.status == 0, "\(answer.errors)")
        return try #require(answer.json.first)
    }

    /// That everything which is left is proven, undamaged and free of what was erased.
    func check(receipt: String = "receipt.json", _ comment: Comment = "") throws {
        let proof = try workspace.run("verify", "--erased", receipt)
        #expect(proof.status == 0, "\(comment) \(proof.output) \(proof.errors)")
        let verified = try workspace.run("verify", "--all")
        #expect(verified.status == 0, "\(comment) \(verified.output) \(verified.errors)")
        let whole = try workspace.run("fsck")
        #expect(whole.status == 0, "\(comment) \(whole.output)")
    }

    func locators() throws -> [String] {
        try workspace.run("records", "fetch", "--json").json.compactMap { $0["fields"]?["locator"]?.string }
    }

    func digest(of name: String) throws -> Digest { Digest(of: try workspace.read(name)) }

    /// Everything in the store: the bytes of every blob in every pack and file, and of every binding.
    static func contents(_ path: String) throws -> [[UInt8]] {
        var out: [[UInt8]] = []
        try StoreContents(at: path).forEach { thing, name in
            out.append(Array(name.utf8))
            switch thing {
            case .blob(_, let bytes), .file(let bytes): out.append(bytes)
            case .binding(let binding): out.append(Array("\(binding.key) \(binding.value)".utf8))
            case .reference(let digest, let path): out.append(Array("\(digest) ".utf8) + path)
            case .condemned(let digest), .damagedBlob(let digest): out.append(Array("\(digest)".utf8))
            case .name: break
            }
        }
        return out
    }

    /// Byte runs of a text that occur in none of the others: as long as `length`, every one of them.
    static func runs(of text: [UInt8], butNotIn others: [[UInt8]], length: Int = 24) -> Set<[UInt8]> {
        func all(_ text: [UInt8]) -> Set<[UInt8]> {
            text.count < length ? [] : Set((0...text.count - length).map { Array(text[$0..<$0 + length]) })
        }
        return others.reduce(into: all(text)) { $0.subtract(all($1)) }
    }

    /// The first place where something holds one of the runs; all of one length.
    static func firstHit(of runs: Set<[UInt8]>, in contents: [[UInt8]], length: Int = 24) -> String? {
        // The first eight bytes tell nearly all places apart.
        let heads = Set(runs.map { Array($0.prefix(8)) })
        for bytes in contents where bytes.count >= length {
            for start in 0...bytes.count - length
            where heads.contains(Array(bytes[start..<start + 8])) && runs.contains(Array(bytes[start..<start + length])) {
                return String(decoding: bytes[start..<start + length], as: UTF8.self)
            }
        }
        return nil
    }
}
