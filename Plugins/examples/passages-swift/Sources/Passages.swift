import HeadwaterModel
import HeadwaterPluginKit

/// Takes out of documents the paragraphs that hold a word.
struct Passages: Stage {
    static let declaration = PluginDeclaration(
        // Raise the version whenever the same input could give another output.
        name: "passages-swift", version: "1", summary: "Take out the paragraphs that hold a word",
        inputs: [.init("documents")],
        parameters: [ParameterDeclaration("word", .text, help: "the word to look for; case does not matter")],
        emits: ["passage"])

    private let word: [UInt8]

    init(parameters: Parameters) throws {
        word = Array(parameters.text("word").lowercased().utf8)
        guard !word.isEmpty else { throw StageError("the word is empty; expected a word to look for", parameter: "word") }
    }

    func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        for document in partition["documents"] {
            let text = try document.text()
            var number = 0
            for paragraph in paragraphs(text.bytes) {
                guard let match = firstMatch(in: paragraph, of: text) else { continue }
                number += 1
                // Both know their bytes: the paragraph as the record's text, the match as what the field cites.
                var passage = RecordDraft(kind: "passage", text: text[paragraph], parents: [document.id])
                passage.set("number", .integer(number))
                passage.set("match", text[match])
                try output.emit(passage)
            }
            if number == 0 { output.drop(Drop(document.id, reason: "word-not-found")) }
        }
    }

    /// Paragraphs are parted by one empty line, as clean leaves them.
    private func paragraphs(_ bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        for index in bytes.indices.dropLast()
        where index >= start && bytes[index] == UInt8(ascii: "\n") && bytes[index + 1] == UInt8(ascii: "\n") {
            if start < index { found.append(start..<index) }
            start = index + 2
        }
        if start < bytes.count { found.append(start..<bytes.count) }
        return found
    }

    private func firstMatch(in paragraph: Range<Int>, of text: TracedText) -> Range<Int>? {
        Tokenizer.tokens(text.bytes, in: paragraph).first { token in
            String(decoding: text.bytes[token.range], as: UTF8.self).lowercased().utf8.elementsEqual(word)
        }?.range
    }
}
