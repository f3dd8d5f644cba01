public import HeadwaterModel

extension TracedText {
    /// The text in Unicode's normalisation form C. Only the characters that change are rewritten: no composition
    /// reaches beyond a grapheme cluster.
    public func composed() -> TracedText { normalized(by: .nfc) }

    /// The text in Unicode's normalisation form KC, which also replaces characters that only look another way: `ﬁ`, `²`, `Ａ`.
    public func compatibilityComposed() -> TracedText { normalized(by: .nfkc) }

    /// Typographic ligatures as the letters that they join, each a segment of its own.
    public func expandingLigatures() -> TracedText {
        guard bytes.contains(0xEF) else { return self }
        return replacingRuns(by: .ligature) { bytes, index in Ligatures.length(bytes, index) }
    }

    /// A paragraph whose UTF-8 was read as windows-1252, as it was meant; unchanged where that is not certain.
    public func repairingMojibake() -> TracedText {
        let runs = Mojibake.certainRuns(in: bytes)
        guard !runs.isEmpty else { return self }
        var out = TracedText()
        var kept = 0
        for run in runs where self[run].hull() != nil {
            out.append(self, kept..<run.lowerBound)
            out.append(rewriting(run, by: .mojibake))
            kept = run.upperBound
        }
        out.append(self, kept..<count)
        return out
    }

    /// The text without soft hyphens (U+00AD), which only say where a word may be broken. What stays is what it was.
    public func removingSoftHyphens() -> TracedText {
        var out = TracedText()
        var kept = 0
        var index = 0
        while let found = bytes[index...].firstIndex(of: 0xC2) {
            index = found + 1
            guard index < count, bytes[index] == 0xAD else { continue }
            out.append(self, kept..<found)
            index += 1
            kept = index
        }
        if kept == 0 { return self }
        out.append(self, kept..<count)
        return out
    }

    /// The text with a label for each piece of these kinds, and the pieces, in order.
    public func masking(_ kinds: [PersonalData]) -> (text: TracedText, masked: [(kind: PersonalData, piece: TracedText)]) {
        var found: [(kind: PersonalData, range: Range<Int>)] = []
        // What is an address of one kind is none of the kinds after it: an e-mail address may hold a number.
        for kind in PersonalData.allCases where kinds.contains(kind) {
            let taken = found.map(\.range)
            var next = 0
            for range in kind.ranges(in: bytes) {
                while next < taken.count, taken[next].upperBound <= range.lowerBound { next += 1 }
                if next == taken.count || !taken[next].overlaps(range) { found.append((kind, range)) }
            }
            found.sort { $0.range.lowerBound < $1.range.lowerBound }
        }
        guard !found.isEmpty else { return (self, []) }
        var out = TracedText()
        var kept = 0
        for (kind, range) in found {
            out.append(self, kept..<range.lowerBound)
            out.append(rewriting(range, by: .mask(kind)))
            kept = range.upperBound
        }
        out.append(self, kept..<count)
        return (out, found.map { ($0.kind, self[$0.range]) })
    }

    /// The text in a normalisation form. What changes is rewritten cluster by cluster; where that would not give the form of the
    /// whole, such as letters of Korean that only form KC joins, all of it is one segment if one range is behind it.
    private func normalized(by rule: Rewriting.Rule) -> TracedText {
        let whole = Rewriting([rule])
        guard !bytes.allSatisfy({ $0 < 0x80 }), let normal = whole.apply(to: bytes), normal != bytes else { return self }
        var out = TracedText()
        var kept = 0
        var offset = 0
        for character in string {
            let range = offset..<offset + character.utf8.count
            offset = range.upperBound
            if range.count == 1 || rule == .nfc && character.isComposedAlone { continue }
            let part = Array(bytes[range])
            if whole.apply(to: part) == part { continue }
            out.append(self, kept..<range.lowerBound)
            out.append(rewriting(range, by: rule))
            kept = range.upperBound
        }
        out.append(self, kept..<count)
        return out.bytes == normal || hull() == nil ? out : rewriting(0..<count, by: rule)
    }
}

extension Character {
    /// Whether this is one scalar of a range in which each, standing alone, is its own normal form C: a quick answer for
    /// nearly all letters. (Unicode's DerivedNormalizationProps.txt: no `NFC_QC; N` lies in these ranges.)
    fileprivate var isComposedAlone: Bool {
        guard let scalar = unicodeScalars.first, unicodeScalars.count == 1 else { return false }
        switch scalar.value {
        case 0..<0x340, 0x388..<0x958, 0x3000..<0xF900: return true
        default: return false
        }
    }
}
