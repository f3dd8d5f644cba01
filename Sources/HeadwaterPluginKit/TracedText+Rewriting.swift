public import HeadwaterModel

extension TracedText {
    /// Resolves HTML character references; each becomes a segment of its own.
    public func decodingEntities() -> TracedText {
        replacingRuns(by: .entity) { bytes, index in
            bytes[index] == UInt8(ascii: "&") ? CharacterReferences.match(in: bytes, at: index)?.length ?? 0 : 0
        }
    }

    /// Resolves the escapes of a data format; each becomes a segment of its own.
    public func decodingEscapes(of format: Escape) -> TracedText {
        replacingRuns(by: .escape(format)) { bytes, index in format.match(in: bytes, at: index)?.length ?? 0 }
    }

    /// Each run of white space becomes one space. A run that already is one stays as it is.
    public func collapsingSpace() -> TracedText {
        replacingRuns(by: .space) { bytes, index in WhiteSpace.end(bytes, from: index) - index }
    }

    /// The text in lower case, character by character. Neighbours that change are one segment where one source range
    /// is behind them.
    public func lowercased() -> TracedText {
        var out = TracedText()
        var kept = 0
        var index = 0
        while index < count {
            var characters: [Range<Int>] = []
            var end = index
            while let length = LetterCase.lengthOfUpperCase(bytes, at: end) {
                characters.append(end..<end + length)
                end += length
            }
            guard end > index else {
                index += 1
                continue
            }
            out.append(self, kept..<index)
            if self[index..<end].hull() != nil {
                out.append(rewriting(index..<end, by: .lowercase))
            } else {
                for character in characters { out.append(rewriting(character, by: .lowercase)) }
            }
            (index, kept) = (end, end)
        }
        out.append(self, kept..<count)
        return out
    }

    /// White space and markup as a break between lines or paragraphs, as long as its source shows nothing else.
    public func asBreak(_ kind: Rewriting.Break) -> TracedText {
        bytes == kind.text ? self : rewriting(0..<count, by: .lineBreak(kind))
    }

    /// The bytes `range` after one normalisation, as one segment.
    ///
    /// Its origin is the whole source range if the parts lie side by side in one source; else the first part alone,
    /// if that already gives the same; else there is no honest origin and the text is synthetic. Empty where the
    /// rule does not apply.
    public func rewriting(_ range: Range<Int>, by rule: Rewriting.Rule) -> TracedText {
        let part = self[range]
        guard let text = Rewriting([rule]).apply(to: part.bytes), !text.isEmpty else { return TracedText() }
        if let (citation, chain) = part.hull() {
            return part.rewritten(text, citation: citation, chain: chain, rule: rule)
        }
        if let first = part.segments.first {
            let head = part[0..<first.length]
            if Rewriting([rule]).apply(to: head.bytes) == text, let (citation, chain) = head.hull() {
                return head.rewritten(text, citation: citation, chain: chain, rule: rule)
            }
        }
        return .synthetic(String(decoding: text, as: UTF8.self))
    }

    private func rewritten(_ text: [UInt8], citation: Citation, chain: [Rewriting.Rule], rule: Rewriting.Rule) -> TracedText {
        guard chain.count + 2 <= Rewriting.maximumCount else { return .synthetic(String(decoding: text, as: UTF8.self)) }
        var rewriting = Rewriting(chain).then(rule)
        // Read together with what follows in the source, the reference could be another; a cut keeps the two apart.
        if rule == .entity && OpenReference.ends(bytes) { rewriting = rewriting.then(.cut(start: 0, length: text.count)) }
        let segment = Segment(
            length: text.count, source: 0, offset: citation.range.start, sourceLength: citation.range.length,
            mode: .rewritten(rewriting))
        return TracedText(bytes: text, segment: segment, sources: [sources[citation.source]])
    }

    /// The one source range behind the whole text and the rules that turn it into the text, if there is one: parts
    /// side by side in one source, all of one rewriting, or such parts with verbatim ones on which it changes nothing.
    func hull() -> (Citation, [Rewriting.Rule])? {
        guard let first = segments.first, let start = first.citation else { return nil }
        var length = 0
        var chain: [Rewriting.Rule]?
        for segment in segments {
            guard let citation = segment.citation, citation.source == start.source,
                citation.range.start == start.range.start + length
            else { return nil }
            length += citation.range.length
            switch segment.mode {
            case .verbatim: break
            case .rewritten(let rewriting):
                if let chain, chain != rewriting.rules { return nil }
                chain = rewriting.rules
            case .synthetic, .supported: return nil
            }
        }
        if let chain, segments.count > 1 {
            // Several atomic parts of one rule are one run of it only where the rule reads each of them alike.
            guard chain.allSatisfy(\.readsPartsAlike), verbatimPartsStay(chain) else { return nil }
        }
        return (Citation(source: start.source, range: ByteRange(start: start.range.start, length: length)), chain ?? [])
    }

    /// Whether applying `chain` to each verbatim part gives the part: only then may it stand in one run with
    /// rewritten ones.
    private func verbatimPartsStay(_ chain: [Rewriting.Rule]) -> Bool {
        let rewriting = Rewriting(chain)
        var start = 0
        for segment in segments {
            let range = start..<start + segment.length
            start = range.upperBound
            guard segment.mode == .verbatim else { continue }
            let part = Array(bytes[range])
            if rewriting.apply(to: part) != part || chain.contains(.entity) && OpenReference.ends(part) { return false }
        }
        return true
    }

    /// Rewrites each run that `runLength` finds (0 where none starts), leaving alone those that would not change.
    func replacingRuns(by rule: Rewriting.Rule, _ runLength: ([UInt8], Int) -> Int) -> TracedText {
        var out = TracedText()
        var kept = 0
        var index = 0
        while index < count {
            let length = runLength(bytes, index)
            guard length > 0 else {
                index += 1
                continue
            }
            let run = index..<index + length
            let isUnchanged = length == 1 && Rewriting([rule]).apply(to: Array(bytes[run])) == Array(bytes[run])
            if !isUnchanged {
                out.append(self, kept..<index)
                out.append(rewriting(run, by: rule))
                kept = run.upperBound
            }
            index = run.upperBound
        }
        out.append(self, kept..<count)
        return out
    }
}

extension Rewriting.Rule {
    /// Whether the rule, applied to parts side by side, gives what it gives for each part alone.
    fileprivate var readsPartsAlike: Bool {
        switch self {
        case .charset(let charset): charset != .utf8
        // Of escapes the text was searched from its start, so that none begins in one part and ends in the next.
        case .entity, .lowercase, .escape, .ligature, .mojibake: true
        case .space, .lineBreak, .nfc, .nfkc, .mask, .cut: false
        }
    }
}

private enum OpenReference {
    /// Whether the text ends in the beginning of a character reference that more text could complete or make another.
    static func ends(_ bytes: [UInt8]) -> Bool {
        let end = bytes.last { byte in
            !(0x30...0x39 ~= byte || 0x61...0x7A ~= byte | 0x20 || byte == UInt8(ascii: "#"))
        }
        return end == UInt8(ascii: "&")
    }
}

private enum LetterCase {
    /// The bytes of the character at `index` if lower case is another; nil if not, and at the text's end.
    static func lengthOfUpperCase(_ bytes: [UInt8], at index: Int) -> Int? {
        guard index < bytes.count else { return nil }
        if bytes[index] < 0x80 { return 0x41...0x5A ~= bytes[index] ? 1 : nil }
        guard case .valid(let length) = UTF8Scan.step(bytes, index) else { return nil }
        let character = String(decoding: bytes[index..<index + length], as: UTF8.self)
        guard let scalar = character.unicodeScalars.first else { return nil }
        return scalar.properties.lowercaseMapping.utf8.elementsEqual(character.utf8) ? nil : length
    }
}
