import Glibc
import HeadwaterClean
import HeadwaterFetch
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit
import HeadwaterTesting

extension Subject {
    /// Any bytes, read in any charset, cut and joined anywhere. The first byte says which.
    static let charset = Subject(
        name: "charset",
        seeds: {
            let text = "Die Fähre 🚢 nach Vell fuhr nicht. Паром не пришёл. 港の橋は渡れない。"
            return [Array(text.utf8), Array(text.utf16).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }]
                + (0...255).map { [$0] + Array(0...255) }
        }, grains: [.bytes]
    ) { _ in
        let charsets = Charset.all
        return { bytes in
            let charset = charsets[Int(bytes.first ?? 0) % charsets.count]
            let source = Array(bytes.dropFirst())
            let digest = Digest(of: source)
            var shape = Shape()
            shape.add(charset.name)
            func prove(_ text: TracedText) throws {
                var proof = RecordProof()
                let record = RecordDraft(kind: "document", text: text, parents: []).sealed()
                try proof.check(record) { _ in source }
                guard try Record(reading: record.canonical) == record else {
                    throw Fuzz.Broken("a record is not read as it is written")
                }
            }
            let whole = TracedText(decoding: source, digest: digest, charset: charset)
            try prove(whole)
            shape.add(whole.segments.count)
            shape.add(whole.count)
            // Cuts where characters begin.
            var random = SplitMix(seed: UInt64(source.count) &* 31 &+ UInt64(source.last ?? 0))
            let edges = (0...whole.count).filter { UTF8Scan.isBoundary(whole.bytes, $0) }
            var joined = TracedText()
            for _ in 0..<6 {
                let ends = [edges.randomElement(using: &random) ?? 0, edges.randomElement(using: &random) ?? 0].sorted()
                let part = whole[ends[0]..<ends[1]]
                try prove(part)
                try prove(part.lowercased())
                joined.append(part)
            }
            try prove(joined)
            try prove(joined.trimmed())
            return shape.number
        }
    }

    /// Pipeline files: a pipeline, or faults that can be shown.
    static let pipeline = Subject(
        name: "pipeline",
        seeds: {
            (Fuzz.files("Tests/HeadwaterPipelinesTests/Fixtures/valid")
                + Fuzz.files("Tests/HeadwaterPipelinesTests/Fixtures/invalid")
                + Fuzz.files("pipelines")).filter { $0.name.hasSuffix(".yaml") }.map(\.bytes)
        }, grains: [.lines, .lines, .bytes],
        words: [
            ": ", "- ", "&a ", "*a", "<<: *a", "[", "]", "{", "}", "|\n", ">-\n", "\"", "'", "#", "!!str ", "? ", "--- ", "...\n",
            "%YAML 1.2\n",
            "${x}", "$${", "${", "\t", "  ", "matrix:", "include:", "null", "~", "0x1F", ".inf", "1_000", "stages:", "with:",
            "needs:", "plugin:",
            "publish:", "parameters:", "headwater: 1\n",
        ]
    ) { _ in
        { bytes in
            var shape = Shape()
            do throws(PipelineFaults) {
                let pipeline = try Pipeline.parse(
                    bytes: bytes, path: "pipelines/a.yaml", workingDirectory: "/work",
                    plugins: [Fetch.declaration, Clean.declaration],
                    reading: { (_) throws(PipelineFaults) in bytes })
                shape.add(pipeline.stages.count)
            } catch {
                let text = DiagnosticText.render(error)
                guard !error.diagnostics.isEmpty, !text.isEmpty else { throw Fuzz.Broken("it has faults without a word on them") }
                shape.add(error.diagnostics.map { String($0.message.prefix(12)) }.joined(separator: " "))
            }
            return shape.number
        }
    }

    /// What plugins of others send, and what lies in stores.
    static let json = Subject(
        name: "json",
        seeds: {
            let source = Array("The ferry did not run.".utf8)
            let text = TracedText(decoding: source, digest: Digest(of: source), charset: .utf8)
            var draft = RecordDraft(kind: "document", text: text + .synthetic("\n"), parents: [])
            draft.set("title", .string("Fähre"), citing: [(Digest(of: source), ByteRange(start: 0, length: 3))])
            draft.set("size", .integer(-7))
            return [draft.sealed().canonical, Array("[1,-0,1e3,0.5,\"\\u00e4\\ud83d\\ude00\",true,null,{\"a\":[]}]".utf8)]
        }, grains: [.bytes],
        words: [
            "{", "}", "[", "]", "[[[[[[[[[[", "\"", "\\", "\\ud83d", ":", ",", "null", "1e999", "-", "0.1",
            "\"segments\":[[1,0,0,1,\"verbatim\"]]",
        ]
    ) { _ in
        { bytes in
            var shape = Shape()
            do throws(JSONError) {
                let value = try JSON(parsing: bytes)
                let written = value.canonical
                guard try JSON(parsing: written) == value else { throw JSONError("it is not read as it is written", at: 0) }
                shape.add("value")
            } catch {
                if error.description.contains("it is not read") { throw Fuzz.Broken("\(error)") }
                shape.add(error.description.filter { !$0.isNumber })
            }
            if let record = try? Record(reading: bytes) {
                guard record.canonical == bytes else { throw Fuzz.Broken("a record has two ways to be written") }
                shape.add("record")
            }
            return shape.number
        }
    }
}
