import HeadwaterPluginKit

/// One sentence as the tagger sees it, for `Tests/Quality/train_names.py` to learn from.
public struct TrainingSentence {
    /// Each token's bytes in the text.
    public var tokens: [Range<Int>]
    /// Each token's signals.
    public var signals: [[UInt32]]

    /// The sentences of a document's text.
    public static func sentences(of bytes: [UInt8]) -> [TrainingSentence] {
        let text = AnnotatedText(bytes)
        let finder = EntityFinder(text)
        let signals = NameSignals(text, mentions: finder.mentionsByRule(), writtenSmall: finder.writtenSmall)
        return text.sentences.map { sentence in
            let frame = signals.frame(of: sentence)
            return TrainingSentence(
                tokens: sentence.map { text.tokens[$0].range },
                signals: sentence.map { token in
                    var out: [UInt32] = []
                    signals.each(of: token, in: sentence, frame) { out.append($0) }
                    return out
                })
        }
    }
}
