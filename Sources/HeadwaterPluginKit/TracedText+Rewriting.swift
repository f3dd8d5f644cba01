public import HeadwaterModel

extension TracedText {
    /// Resolves HTML character references; each becomes a segment of its own.
    public func decodingEntities() -> TracedText {
        replacingRuns(by: .entity) { bytes, index in
            bytes[index] == UInt8(ascii: "&") ? CharacterReferences.match(in: bytes, at: index)?.length ?? 0 : 0
        }
    }

    /// Each run of white space becomes one space. A run that already is one stays as it is.
    public func collapsingSpace() -> TracedText {
        replacingRuns(by: .space) { bytes, index in WhiteSpace.end(bytes, from: index) - index }
    }

    /// The text in lower case, character by character.
    public func lowercased() -> TracedText {
        var out = TracedText()
        var verbatim = 0
        var index = 0
        while index < count {
            var end = index + 1
            while !UTF8Scan.isBoundary(bytes, end) { end += 1 }
            let changed = Rewriting([.lowercase]).apply(to: Array(bytes[index..<end])) != Array(bytes[index..<end])
            if changed {
                out.append(self, verbatim..<index)
                out.append(rewriting(index..<end, by: .lowercase))
                verbatim = end
            }
            index = end
        }
        out.append(self, verbatim..<count)
        return out
    }

    /// The text in Unicode's normalisation form C. Only the runs that change are rewritten: a run reaches from one
    /// character that starts a composition to the next.
    public func composed() -> TracedText {
        let whole = Rewriting([.nfc])
        if bytes.allSatisfy({ $0 < 0x80 }) || whole.apply(to: bytes) == bytes { return self }
        var out = TracedText()
        var offset = 0
        for character in string {
            let length = character.utf8.count
            let range = offset..<offset + length
            if whole.apply(to: Array(bytes[range])) == Array(bytes[range]) {
                out.append(self, range)
            } else {
                out.append(rewriting(range, by: .nfc))
            }
            offset += length
        }
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
        let segment = Segment(
            length: text.count, source: citation.source, offset: citation.range.start, sourceLength: citation.range.length,
            mode: .rewritten(Rewriting(chain).then(rule)))
        return TracedText(bytes: text, segment: segment, sources: sources)
    }

    /// The one source range behind the whole text and the rules that turn it into the text, if there is one: parts
    /// side by side in one source, all of one rewriting, or such parts with verbatim ones on which it changes nothing.
    private func hull() -> (Citation, [Rewriting.Rule])? {
        guard let first = segments.first, let start = first.citation else { return nil }
        var length = 0
        var chain: [Rewriting.Rule]?
        var hasVerbatim = false
        for segment in segments {
            guard let citation = segment.citation, citation.source == start.source,
                citation.range.start == start.range.start + length
            else { return nil }
            length += citation.range.length
            switch segment.mode {
            case .verbatim: hasVerbatim = true
            case .rewritten(let rewriting):
                if let chain, chain != rewriting.rules { return nil }
                chain = rewriting.rules
            case .synthetic, .supported: return nil
            }
        }
        // Several atomic parts of one rule are one run of it only where the rule reads each of them alike.
        if let chain, segments.count > 1, !chain.allSatisfy(\.readsPartsAlike) { return nil }
        if hasVerbatim, let chain, !segments.allSatisfy({ $0.mode != .verbatim || isUnchanged($0, by: chain) }) { return nil }
        return (Citation(source: start.source, range: ByteRange(start: start.range.start, length: length)), chain ?? [])
    }

    /// Whether applying `chain` to a verbatim part gives the part: only then may it stand in one run with rewritten ones.
    private func isUnchanged(_ segment: Segment, by chain: [Rewriting.Rule]) -> Bool {
        var start = 0
        for other in segments {
            if other == segment { break }
            start += other.length
        }
        let part = Array(bytes[start..<start + segment.length])
        return Rewriting(chain).apply(to: part) == part
    }

    /// Rewrites each run that `runLength` finds (0 where none starts), leaving alone those that would not change.
    private func replacingRuns(by rule: Rewriting.Rule, _ runLength: ([UInt8], Int) -> Int) -> TracedText {
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
        case .entity, .lowercase: true
        case .space, .lineBreak, .nfc, .cut: false
        }
    }
}
