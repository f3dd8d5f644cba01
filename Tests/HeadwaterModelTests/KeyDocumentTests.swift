import HeadwaterModel
import HeadwaterTesting
import Testing

@Suite struct KeyDocumentTests {
    static func document(
        plugin: String = "dedupe", version: String = "3", phase: KeyDocument.Phase = .combine,
        parameters: [String: JSON] = ["similarity": .decimal(0.8), "marks": ["a", "b"]],
        inputs: [String: JSON] = ["documents": ["sha256:1", "sha256:2"]], environment: [String: String] = ["LANG": "C"],
        libraries: [String: String] = ["zlib": "1.3"]
    ) -> KeyDocument {
        KeyDocument(
            plugin: plugin, version: version, phase: phase, parameters: parameters, inputs: inputs, environment: environment,
            libraries: libraries)
    }

    @Test("a task key is the digest of exactly these bytes")
    func pinned() {
        let expected =
            #"{"environment":{"LANG":"C"},"inputs":{"documents":["sha256:1","sha256:2"]},"libraries":{"zlib":"1.3"},"parameters":{"marks":["a","b"],"similarity":0.8},"phase":"combine","plugin":{"name":"dedupe","version":"3"},"protocol":1}"#
        #expect(KeyDocumentTests.document().json.canonical == Array(expected.utf8))
        #expect(KeyDocumentTests.document().digest == Digest(of: Array(expected.utf8)))
    }

    @Test("what a form writes around the inputs are the bytes of the whole document")
    func form() {
        for inputs: JSON in [[:], ["sources": []], ["roles": ["a": "inputs", "\"inputs\":": 1], "slice": "x"]] {
            let form = KeyDocument.Form(
                plugin: "p", version: "1", phase: .apply, parameters: ["inputs": [:], "z": 1], environment: ["inputs": ",{}"])
            #expect(form.bytes(inputs: inputs) == form.document(inputs: inputs).json.canonical)
            #expect(form.document(inputs: inputs).json["inputs"] == inputs)
        }
    }

    @Test("each part, changed alone, is named exactly")
    func eachPart() {
        typealias Case = (changed: KeyDocument, path: String, old: JSON?, new: JSON?)
        let document = KeyDocumentTests.document
        let cases: [Case] = [
            (KeyDocumentTests.document(plugin: "x"), "plugin.name", "dedupe", "x"),
            (KeyDocumentTests.document(version: "4"), "plugin.version", "3", "4"),
            (KeyDocumentTests.document(phase: .apply), "phase", "combine", "apply"),
            (
                KeyDocumentTests.document(parameters: ["similarity": .decimal(0.9), "marks": ["a", "b"]]),
                "parameters.similarity", .decimal(0.8), .decimal(0.9)
            ),
            (KeyDocumentTests.document(parameters: ["marks": ["a", "b"]]), "parameters.similarity", .decimal(0.8), nil),
            (
                KeyDocumentTests.document(parameters: ["similarity": .decimal(0.8), "marks": ["a", "c"]]), "parameters.marks[1]",
                "b", "c"
            ),
            (
                KeyDocumentTests.document(parameters: ["similarity": .decimal(0.8), "marks": ["a"]]), "parameters.marks",
                ["a", "b"], ["a"]
            ),
            (
                KeyDocumentTests.document(inputs: ["documents": ["sha256:1", "sha256:3"]]), "inputs.documents[1]", "sha256:2",
                "sha256:3"
            ),
            (KeyDocumentTests.document(environment: [:]), "environment.LANG", "C", nil),
            (KeyDocumentTests.document(libraries: ["zlib": "1.3", "cld2": "1"]), "libraries.cld2", nil, "1"),
        ]
        let original = document(
            "dedupe", "3", .combine, ["similarity": .decimal(0.8), "marks": ["a", "b"]], ["documents": ["sha256:1", "sha256:2"]],
            ["LANG": "C"], ["zlib": "1.3"])
        for (changed, path, old, new) in cases {
            #expect(changed.differences(from: original) == [.init(path: path, old: old, new: new)])
            #expect(original.differences(from: changed) == [.init(path: path, old: new, new: old)])
            #expect(changed.digest != original.digest)
        }
    }

    @Test("there are no differences if and only if the keys are equal")
    func emptyIffEqual() {
        var documents: [KeyDocument] = [
            KeyDocument(json: ["a": 1]), KeyDocument(json: ["a": .decimal(1)]), KeyDocument(json: ["a": "\u{E9}"]),
            KeyDocument(json: ["a": "e\u{301}"]),
            KeyDocument(json: ["\u{E9}": 1]), KeyDocument(json: ["e\u{301}": 1]), KeyDocument(json: ["a": nil]),
            KeyDocument(json: [:]),
            KeyDocument(json: []), KeyDocument(json: nil), KeyDocument(json: [[:]]), KeyDocument(json: ["a": [1]]),
            KeyDocument(json: ["a": [1, 1]]),
        ]
        for seed in 0..<40 as Range<UInt64> {
            var source = RandomJSON(seed: seed)
            documents.append(KeyDocument(json: source.value(depth: 2)))
        }
        for a in documents {
            for b in documents { #expect(a.differences(from: b).isEmpty == (a.digest == b.digest), "\(a.json) and \(b.json)") }
        }
    }

    @Test("differences are in the order of their paths")
    func order() {
        let old = KeyDocument(json: ["b": 1, "a": ["x": 1, "c": [1, 2, 3]], "d": 1])
        let new = KeyDocument(json: ["b": 2, "a": ["x": 2, "c": [4, 2, 5]], "e": 1])
        #expect(new.differences(from: old).map(\.path) == ["a.c[0]", "a.c[2]", "a.x", "b", "d", "e"])
    }
}
