/// What is known of each line of a flattened page as whole numbers, for the trees that weigh it: its own look, the rules'
/// opinion, the words it shares with the text, and what stands around it.
///
/// The trees were trained on these columns in this order: a change means training anew (`Tests/Quality/train_lines.py`).
///
/// Rows are worked out when they are asked for: all of them would take twice the memory that the lines do.
struct LineSignals {
    /// The row that is being filled.
    private var values: [Int32] = []

    private let blocks: [Block]
    private let looks: [DropReason?]
    private let tellingWords: [[UInt64]]
    private let titleWords: Set<UInt64>
    private var topic: [UInt64: Int32] = [:]
    private var repeats: [Int32] = []
    private let running: RunningSums

    /// Numbers a row has.
    static let width = names.count

    /// What neighbours are looked at, by their distance.
    private static let neighbours = [-3, -2, -1, 1, 2, 3]

    static let names: [String] =
        [
            "isKept", "reason", "look", "bytes", "words", "wordLength", "linkShare", "endsSentence", "isProse", "marks", "digits",
            "capitals", "shape", "level", "separation", "firstIsSmall", "ending", "hasDate", "symbols",
            "titleHits", "titleShare", "topicShare", "repeats",
            "place", "fromFirst", "fromLast", "keptBefore", "runBefore", "runAfter", "blockCount", "keptCount",
            "keptNear", "keptAround", "looksAround", "labelsAround", "proseBefore", "proseAfter", "proseAllBefore",
            "sinceRelated", "sinceComments", "untilKept", "sinceKept",
        ]
        + neighbours.flatMap { place in
            ["isKept", "bytes", "linkShare", "isProse", "look", "endsSentence", "shape"].map { "\($0)\(place)" }
        }

    /// - Parameters:
    ///   - blocks: as the rules judged them.
    ///   - title: the page's title; empty if it is not known.
    init(_ blocks: [Block], title: [UInt8]) {
        self.blocks = blocks
        looks = blocks.map { Furniture.reason(of: $0) }
        tellingWords = blocks.map { TextShape.tellingWords($0.text) }
        titleWords = Set(TextShape.tellingWords(title))
        running = RunningSums(blocks, looks: looks)
        values.reserveCapacity(Self.width)
        topic = topicWords()
        repeats = repeatCounts()
    }

    /// The row of one line.
    mutating func row(_ index: Int) -> ArraySlice<Int32> {
        values.removeAll(keepingCapacity: true)
        addOwnLook(index)
        addWords(index)
        values.append(repeats[index])
        addSurroundings(index, running)
        for offset in Self.neighbours { addNeighbour(index + offset) }
        return values[...]
    }

    // MARK: The block itself

    private mutating func add(_ value: Int) { values.append(Int32(clamping: value)) }
    private mutating func add(_ value: Bool) { values.append(value ? 1 : 0) }

    private mutating func addOwnLook(_ index: Int) {
        let block = blocks[index]
        let letters = LetterCount(block.text)
        add(block.reason == nil)
        add(Self.rank(of: block.reason))
        add(Self.rank(of: looks[index]))
        add(min(block.count, 3000))
        add(letters.words)
        add(block.count * 10 / max(letters.words, 1))
        add(block.linkShare)
        add(block.endsSentence)
        add(block.isProse)
        add(TextShape.sentenceMarks(block.text) * 1000 / max(block.count, 1))
        add(letters.digits * 100 / max(block.count, 1))
        add(letters.capitals * 100 / max(letters.words, 1))
        add(Self.rank(of: block.shape))
        if case .heading(let level) = block.shape { add(level) } else { add(0) }
        add(block.separation.rawValue)
        add(letters.firstIsSmall)
        add(letters.ending)
        add(block.count <= 300 && WrittenDate(in: block.text) != nil)
        add(letters.symbols)
    }

    private mutating func addWords(_ index: Int) {
        let words = tellingWords[index]
        let isKept = blocks[index].reason == nil && blocks[index].isProse
        var (titleHits, topicHits) = (0, 0)
        for word in words {
            if titleWords.contains(word) { titleHits += 1 }
            // A word that only this block has says nothing of the others.
            if let holders = topic[word], holders > (isKept ? 1 : 0) { topicHits += 1 }
        }
        add(titleHits)
        add(titleHits * 100 / max(words.count, 1))
        add(topicHits * 100 / max(words.count, 1))
    }

    /// How many kept paragraphs hold each word.
    private func topicWords() -> [UInt64: Int32] {
        var topic: [UInt64: Int32] = [:]
        for (index, block) in blocks.enumerated() where block.reason == nil && block.isProse {
            for word in Set(tellingWords[index]) { topic[word, default: 0] += 1 }
        }
        return topic
    }

    /// How many blocks say the same as each.
    private func repeatCounts() -> [Int32] {
        let hashes = blocks.map { WordHash.lowercased($0.text) }
        var counts: [UInt64: Int32] = [:]
        for hash in hashes { counts[hash, default: 0] += 1 }
        return hashes.map { counts[$0, default: 1] }
    }

    // MARK: What stands around it

    private mutating func addSurroundings(_ index: Int, _ sums: RunningSums) {
        let last = blocks.count
        add(sums.bytes[index] * 1000 / max(sums.bytes[last], 1))
        add(min(max(index - sums.firstKept, -60), 60))
        add(min(max(index - sums.lastKept, -60), 60))
        add(sums.keptBytes[index] * 1000 / max(sums.keptBytes[last], 1))
        add(min(sums.runBefore[index], 30))
        add(min(sums.runAfter[index], 30))
        add(min(last, 1000))
        add(min(sums.kept[last], 300))
        let share = { (reach: Int) in
            let range = max(0, index - reach)..<min(last, index + reach + 1)
            return (sums.kept[range.upperBound] - sums.kept[range.lowerBound]) * 100 / range.count
        }
        add(share(3))
        add(share(10))
        let near = max(0, index - 5)..<min(last, index + 6)
        add(sums.looks[near.upperBound] - sums.looks[near.lowerBound])
        add(sums.labels[near.upperBound] - sums.labels[near.lowerBound])
        add(min(sums.prose[index] - sums.prose[max(0, index - 5)], 3000))
        add(min(sums.prose[min(last, index + 6)] - sums.prose[min(last, index + 1)], 3000))
        add(sums.prose[index] * 1000 / max(sums.prose[last], 1))
        add(min(index - sums.lastRelated[index], 60))
        add(min(index - sums.lastComments[index], 200))
        add(min(sums.nextKept[index] - index, 60))
        add(min(index - sums.lastKeptBefore[index], 60))
    }

    private mutating func addNeighbour(_ index: Int) {
        guard blocks.indices.contains(index) else {
            for _ in 0..<7 { values.append(-1) }
            return
        }
        let block = blocks[index]
        add(block.reason == nil)
        add(min(block.count, 1000))
        add(block.linkShare)
        add(block.isProse)
        add(Self.rank(of: looks[index]))
        add(block.endsSentence)
        add(Self.rank(of: block.shape))
    }

    // MARK: Names as numbers

    /// From what is likely text to what hardly ever is.
    private static func rank(of reason: DropReason?) -> Int {
        switch reason {
        case nil: 0
        case .title: 1
        case .duplicateTitle: 2
        case .metadata: 3
        case .caption: 4
        case .pullQuote: 5
        case .inlinePromo: 6
        case .outside: 7
        case .link: 8
        case .tags: 9
        case .hidden: 10
        case .authorNote: 11
        case .advertisement: 12
        case .newsletter: 13
        case .share: 14
        case .form: 15
        case .legal: 16
        case .cookieNotice: 17
        // Templates are looked for after the lines are judged; their lines look most like menus.
        case .menu, .template: 18
        case .sidebar: 19
        case .footer: 20
        case .related: 21
        case .comments: 22
        // Filters look at what the trees have chosen; no page they were trained on has these.
        case .c4JavaScript, .c4LineWords, .c4Policy, .c4TerminalPunctuation, .c4WordLength: 7
        }
    }

    private static func rank(of shape: Block.Shape) -> Int {
        switch shape {
        case .loose: 0
        case .cell: 1
        case .item: 2
        case .heading: 3
        case .paragraph: 4
        }
    }
}
