import HeadwaterModel
import HeadwaterPluginKit

/// A claim as it is compared with others: what it is about, its figures and dates, and whether it says so or denies it.
///
/// Reads what `extract` found out about the sentence. Who vouches, and by which verb, is no part of what is claimed.
final class ClaimReading {
    let id: RecordID
    /// The document it is a sentence of.
    let document: RecordID?
    let place: Place?
    let text: [UInt8]
    /// The words that say what the claim is about, in text order, names among them.
    private(set) var words: [Word] = []
    /// For each of the words whether it is part of a name.
    private(set) var isName: [Bool] = []
    /// What the claim is about: each stem once, by its hash, with what it weighs.
    private(set) var terms: [Term] = []
    private(set) var figures: [ClaimFigure] = []
    /// ISO 8601 or TIMEX3, as far as they are of a calendar.
    let dates: [String]
    let stance: String
    /// The full name of who vouches; `author` for the writer.
    let source: String
    /// The hash of all its words: equal texts have equal ones.
    let textHash: UInt64
    /// The hashes of every three words in a row, in order, each once; without the words that name who vouches.
    let shingles: [UInt64]
    /// Of the words that shingles are made of.
    let wordCount: Int
    /// The tokens of words that turn what follows into its contrary.
    private(set) var negations: [Word] = []
    /// Whether the claim denies what it speaks of, rather than turning it down.
    private(set) var isDenial = false
    /// Whether figures of many who were asked are told, or what would be under a condition.
    private(set) var isPoll = false
    private(set) var isConditional = false

    /// A stem with its weight.
    struct Term: Equatable {
        var stem: UInt64
        var isName: Bool
        /// A name tells an event apart better than any other word does.
        var weight: Int { isName ? 3 : 2 }
    }

    init(_ record: Record) {
        id = record.id
        document = record.parents.first
        place = Place.hull(of: record)
        text = record.text
        stance = record.fields["stance"]?.string ?? "asserted"
        source = record.fields["source"]?.string ?? "author"
        dates = (record.fields["dates"]?.array ?? []).compactMap(\.string).filter {
            $0.utf8.prefix(4).allSatisfy { 0x30...0x39 ~= $0 || $0 == 0x58 }
        }
        let tokens = Tokenizer.tokens(record.text)
        func ranges(_ field: String) -> [Range<Int>?] { (record.cites[field] ?? []).map(record.textRange(of:)) }
        let all = tokens.enumerated().compactMap { index, token in
            token.kind == .word || token.kind == .number ? Word(record.text, token, at: index) : nil
        }
        let hashes = all.map { Word.hash(Word.folded(record.text, tokens[$0.token])) }
        textHash = hashes.reduce(UInt64(hashes.count)) { mixed($0, $1) }

        let figureRanges = ranges("figures")
        let cues = Marks(ranges("cue"), tokens)
        // `The board rejected the plan` is what happened, and not only what was said.
        let isAct = all.contains { cues[$0.token] && $0.opposite != nil }
        let attribution = Marks(isAct ? [] : ranges("mention") + ranges("cue"), tokens)
        // What is said is the same whoever is named for it.
        let said = zip(all, hashes).filter { !attribution[$0.0.token] }.map(\.1)
        shingles = Self.sortedOnce((0..<max(0, said.count - 2)).map { mixed(mixed(said[$0], said[$0 + 1]), said[$0 + 2]) })
        wordCount = said.count
        let counted = Marks(figureRanges, tokens)
        let timed = Marks(ranges("dates"), tokens)
        let named = Marks(ranges("names"), tokens)
        var seen: Set<UInt64> = []
        for word in all {
            let isNamed = named[word.token]
            if word.classes.contains(.poll) { isPoll = true }
            if word.classes.contains(.condition) { isConditional = true }
            guard !attribution[word.token], !timed[word.token] else { continue }
            if word.classes.contains(.negation) { negations.append(word) }
            if tokens[word.token].kind == .number && counted[word.token] { continue }
            guard !word.classes.contains(.common), !word.classes.contains(.negation), word.range.count > 1 else { continue }
            words.append(word)
            isName.append(isNamed)
            if seen.insert(word.stem).inserted { terms.append(Term(stem: word.stem, isName: isNamed)) }
        }
        addSpeaker(all, attribution, &seen)
        terms.sort { $0.stem < $1.stem }
        isDenial = stance == "denied" && denies(all, cues)
        figures = zip(record.fields["figures"]?.array ?? [], zip(figureRanges, record.cites["figures"] ?? [])).compactMap {
            field, found in
            guard let range = found.0, record.sources.indices.contains(found.1.source) else { return nil }
            return ClaimFigure(
                field, range, at: Place(source: record.sources[found.1.source], range: found.1.range), in: self, all, counted,
                tokens)
        }
    }

    /// `He would resign`: who vouches is what the claim is about.
    private func addSpeaker(_ all: [Word], _ attribution: Marks, _ seen: inout Set<UInt64>) {
        guard source != "author", all.contains(where: { $0.classes.contains(.pronoun) && !attribution[$0.token] }) else { return }
        let name = Array(source.utf8)
        for (index, token) in Tokenizer.tokens(name).enumerated() where token.kind == .word {
            let word = Word(name, token, at: index)
            guard !word.classes.contains(.common), word.range.count > 1, seen.insert(word.stem).inserted else { continue }
            terms.append(Term(stem: word.stem, isName: token.isCapitalized))
        }
    }

    /// A verb of denial, or one of dismissal with what was alleged behind it.
    private func denies(_ all: [Word], _ cues: Marks) -> Bool {
        guard let cue = all.firstIndex(where: { cues[$0.token] }) else { return false }
        if all[cue].classes.contains(.denial) { return true }
        return all[cue].classes.contains(.dismissal) && all[(cue + 1)...].prefix(4).contains { $0.classes.contains(.allegation) }
    }

    private static func sortedOnce(_ values: [UInt64]) -> [UInt64] {
        var out: [UInt64] = []
        for value in values.sorted() where out.last != value { out.append(value) }
        return out
    }
}

/// Which tokens lie in some byte ranges.
struct Marks {
    private var marked: [Bool]

    init(_ ranges: [Range<Int>?], _ tokens: [Token]) {
        marked = [Bool](repeating: false, count: tokens.count)
        for case let range? in ranges {
            // The first token that ends behind the range's start.
            var (low, high) = (0, tokens.count)
            while low < high {
                let middle = (low + high) / 2
                if tokens[middle].end <= range.lowerBound { low = middle + 1 } else { high = middle }
            }
            while low < tokens.count, tokens[low].start < range.upperBound {
                marked[low] = true
                low += 1
            }
        }
    }

    subscript(_ token: Int) -> Bool { marked[token] }
}
