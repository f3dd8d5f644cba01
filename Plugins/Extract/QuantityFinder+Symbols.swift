import HeadwaterPluginKit

/// Units written as symbols, alone or compounded: `20 °C`, `2617.4 m`, `7.8 m s−1`, `10 μg/ml`, `13 pairs per mm`.
extension QuantityFinder {
    /// The unit at `index`, behind a number.
    func symbol(_ index: Int) -> (unit: String, end: Int)? {
        guard index < text.count, text.isNumber(index - 1) || text.touches(index - 1, index) || text.has(index - 1, .scale) else {
            return nil
        }
        if let code = signCode(index), !text.isNumber(index + 1) { return (code, index + 1) }
        if text.equals(index, "°") {
            guard text.isWord(index + 1), text.tokens[index + 1].count == 1, text.touches(index, index + 1) else {
                return ("°", index + 1)
            }
            return ("°" + text.string(index + 1..<index + 2), index + 2)
        }
        if text.equals(index, "‰") { return ("‰", index + 1) }
        let token = text.tokens[index]
        guard token.kind == .word, token.count <= 6 else { return nil }
        let written = text.string(index..<index + 1)
        if NumberWords.symbols.contains(written) {
            let end = compoundEnd(powerEnd(index + 1))
            return (text.name(index..<end), end)
        }
        let code = text.lowercased(index).uppercased()
        return isCode(code) ? (code, index + 1) : nil
    }

    /// One past what divides or multiplies a unit that ends before `end`: `/ml`, ` s−1`, ` per mm`.
    func compoundEnd(_ end: Int) -> Int {
        var end = end
        for _ in 0..<3 {
            if text.mark(end) == UInt8(ascii: "/"), text.touches(end - 1, end), text.touches(end, end + 1), text.isWord(end + 1),
                text.tokens[end + 1].count <= 6
            {
                end = powerEnd(end + 2)
            } else if text.isWord(end), NumberWords.symbols.contains(text.string(end..<end + 1)), powerEnd(end + 1) > end + 1 {
                end = powerEnd(end + 1)
            } else if text.equals(end, "per"), text.isWord(end + 1), !text.equalsAny(end + 1, ["cent", "capita"]),
                text.has(end + 1, [.measure, .timeUnit]) || NumberWords.symbols.contains(text.string(end + 1..<end + 2))
            {
                end += 2
            } else {
                break
            }
        }
        return end
    }

    /// `−1` right behind a symbol.
    private func powerEnd(_ end: Int) -> Int {
        guard text.equals(end, "−") || text.isDash(end), text.touches(end - 1, end), text.touches(end, end + 1),
            text.isNumber(end + 1), text.tokens[end + 1].count == 1
        else { return end }
        return end + 2
    }
}
