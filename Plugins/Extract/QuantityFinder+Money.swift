import HeadwaterPluginKit

/// Signs, codes and words of currencies.
extension QuantityFinder {
    /// A currency sign at `index`, with letters before it or not: `$`, `US$`, `€`, `£`, `EUR`.
    func currencyBefore(_ index: Int) -> (code: String, end: Int)? {
        guard index < text.count else { return nil }
        let token = text.tokens[index]
        if token.kind == .mark, let code = signCode(index), text.isNumber(index + 1) { return (code, index + 1) }
        if token.kind == .word, token.letterCase == .upper, token.count <= 3 {
            if signCode(index + 1) != nil, text.touches(index, index + 1), text.isNumber(index + 2),
                let code = dollarCode(text.lowercased(index))
            {
                return (code, index + 2)
            }
            if token.count == 3, text.isNumber(index + 1),
                isCode(text.lowercased(index).uppercased())
            {
                return (text.lowercased(index).uppercased(), index + 1)
            }
        }
        return nil
    }

    /// ISO 4217 codes. A bare `$` is read as US dollars, `¥` as yen.
    func signCode(_ index: Int) -> String? {
        guard index < text.count, text.tokens[index].kind == .mark else { return nil }
        let token = text.tokens[index]
        switch (token.count, text.bytes[token.start], text.bytes[token.end - 1]) {
        case (1, 0x24, _): return "USD"
        case (2, 0xC2, 0xA3): return "GBP"
        case (2, 0xC2, 0xA5): return "JPY"
        case (3, 0xE2, 0xAC): return text.bytes[token.start + 1] == 0x82 ? "EUR" : nil
        case (3, 0xE2, 0xB9): return text.bytes[token.start + 1] == 0x82 ? "INR" : nil
        case (3, 0xE2, 0xBD): return text.bytes[token.start + 1] == 0x82 ? "RUB" : nil
        case (3, 0xE2, 0xB4): return text.bytes[token.start + 1] == 0x82 ? "UAH" : nil
        case (3, 0xE2, 0xAA): return text.bytes[token.start + 1] == 0x82 ? "ILS" : nil
        default: return nil
        }
    }

    private func dollarCode(_ prefix: String) -> String? {
        ["us": "USD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "nz": "NZD", "hk": "HKD", "s": "SGD"][prefix]
    }

    func currencyCode(_ word: String) -> String? {
        switch word {
        case "dollar", "dollars": "USD"
        case "euro", "euros": "EUR"
        case "yen": "JPY"
        case "yuan": "CNY"
        case "ruble", "rubles", "rouble", "roubles": "RUB"
        case "rupee", "rupees": "INR"
        case "hryvnia", "hryvnias": "UAH"
        case "shekel", "shekels": "ILS"
        case "zloty": "PLN"
        default: nil
        }
    }
}
