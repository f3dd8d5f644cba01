import CNameTables
import HeadwaterPluginKit

/// Reads names off a sentence: a linear-chain model over `NameSignals`, decoded by Viterbi's algorithm in integers.
///
/// The weights are those of a conditional random field (Lafferty, McCallum and Pereira, 2001), learnt by
/// `Tests/Quality/train_names.py` and rounded to integers, so that every machine finds the same names.
struct NameTagger: Sendable {
    static let shared = NameTagger()

    /// What a run of tokens names.
    enum Kind: Int, Sendable {
        case person, organization, place
        /// Peoples, events, works, laws, languages.
        case other
    }

    struct Name {
        var tokens: Range<Int>
        var kind: Kind
    }

    /// Tag 0 is outside; 1 + 2k begins a name of kind k, 2 + 2k goes on with it.
    private static let tagCount = 9

    /// Open addressing with linear probing, 0 where a slot is free; no signal is 0.
    private var signals: [UInt32]
    /// By slot: where the signal's weights begin, times 16, plus how many there are.
    private var places: [Int32]
    /// By the tag before and the tag.
    private var transitions: [Int32]

    private init() {
        let total = Int(headwater_signal_count)
        var capacity = 1
        while capacity < total * 4 { capacity *= 2 }
        signals = Array(repeating: 0, count: capacity)
        places = Array(repeating: 0, count: capacity)
        transitions = Array(repeating: 0, count: Self.tagCount * Self.tagCount)
        guard let names = headwater_signals(), let counts = headwater_signal_weights(), let steps = headwater_transitions() else {
            return
        }
        for index in transitions.indices { transitions[index] = steps[index] }
        var start: Int32 = 0
        for index in 0..<total {
            var slot = Int(names[index]) & (capacity - 1)
            while signals[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            signals[slot] = names[index]
            places[slot] = start << 4 | Int32(counts[index])
            start += Int32(counts[index])
        }
    }

    /// The names of all sentences, in text order.
    func names(_ text: AnnotatedText, _ signals: NameSignals) -> [Name] {
        var out: [Name] = []
        for sentence in text.sentences {
            let frame = signals.frame(of: sentence)
            var index = sentence.lowerBound
            while index < sentence.upperBound {
                guard text.tokens[index].isCapitalized else {
                    index += 1
                    continue
                }
                // Names hold a capital, and small words between capitals: what lies further from one is outside of names.
                let start = max(sentence.lowerBound, index - 1)
                var end = index + 1
                var lastCapital = index
                while end < sentence.upperBound, end - lastCapital <= Self.reach {
                    if text.tokens[end].isCapitalized { lastCapital = end }
                    end += 1
                }
                read(start..<end, in: sentence, frame, text, signals, &out)
                index = end
            }
        }
        return out
    }

    /// How many tokens without a capital may stand between two that are decoded together.
    private static let reach = 4

    private func read(
        _ part: Range<Int>, in sentence: Range<Int>, _ frame: UInt32, _ text: AnnotatedText, _ signals: NameSignals,
        _ out: inout [Name]
    ) {
        let tags = self.tags(of: part, in: sentence, frame, signals)
        var index = 0
        while index < tags.count {
            guard tags[index] > 0, let kind = Kind(rawValue: (tags[index] - 1) / 2) else {
                index += 1
                continue
            }
            var end = index + 1
            while end < tags.count, tags[end] == kind.rawValue * 2 + 2 { end += 1 }
            if let tokens = Self.trimmed(part.lowerBound + index..<part.lowerBound + end, text) {
                out.append(Name(tokens: tokens, kind: kind))
            }
            index = end
        }
    }

    /// A name without marks at its ends; nil where nothing is left but a small word of grammar.
    private static func trimmed(_ tokens: Range<Int>, _ text: AnnotatedText) -> Range<Int>? {
        var (start, end) = (tokens.lowerBound, tokens.upperBound)
        while start < end, text.tokens[start].kind == .mark || text.tokens[start].kind == .possessive { start += 1 }
        while end > start,
            text.tokens[end - 1].kind == .possessive
                || text.tokens[end - 1].kind == .mark && ![0x2E, 0x21].contains(text.mark(end - 1))
        { end -= 1 }
        guard start < end else { return nil }
        let isGrammar = end == start + 1 && text.has(start, [.function, .adverb]) && text.tokens[start].letterCase != .upper
        return isGrammar ? nil : start..<end
    }

    /// The best sequence of tags; of two equally good ones that whose tags are smaller, from the end.
    private func tags(of part: Range<Int>, in sentence: Range<Int>, _ frame: UInt32, _ signals: NameSignals) -> [Int] {
        let width = Self.tagCount
        var best = [Int32](repeating: 0, count: width)
        var scores = best
        var came = [UInt8](repeating: 0, count: width * part.count)
        for (place, token) in part.enumerated() {
            for tag in 0..<width { scores[tag] = token > sentence.lowerBound && place == 0 ? transitions[tag] : 0 }
            add(of: token, in: sentence, frame, signals, to: &scores)
            if place > 0 {
                for tag in 0..<width {
                    var (from, most) = (0, Int32.min)
                    for before in 0..<width where best[before] + transitions[before * width + tag] > most {
                        (from, most) = (before, best[before] + transitions[before * width + tag])
                    }
                    scores[tag] += most
                    came[place * width + tag] = UInt8(from)
                }
            }
            swap(&best, &scores)
        }
        var tag = best.indices.max { best[$0] < best[$1] || best[$0] == best[$1] && $0 > $1 } ?? 0
        var out = [Int](repeating: 0, count: part.count)
        for place in stride(from: part.count - 1, through: 0, by: -1) {
            out[place] = tag
            tag = Int(came[place * width + tag])
        }
        return out
    }

    /// Adds how well each tag fits a token by itself.
    private func add(of token: Int, in sentence: Range<Int>, _ frame: UInt32, _ view: NameSignals, to scores: inout [Int32]) {
        guard let weights = headwater_weights() else { return }
        scores.withUnsafeMutableBufferPointer { scores in
            signals.withUnsafeBufferPointer { signals in
                view.each(of: token, in: sentence, frame) { signal in
                    var slot = Int(signal) & (signals.count - 1)
                    while signals[slot] != 0 {
                        if signals[slot] == signal {
                            let place = places[slot]
                            for index in Int(place >> 4)..<Int(place >> 4) + Int(place & 15) {
                                scores[Int(weights[index] & 15)] += weights[index] >> 4
                            }
                            return
                        }
                        slot = (slot + 1) & (signals.count - 1)
                    }
                }
            }
        }
    }
}
