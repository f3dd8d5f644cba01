/// A line that says when a page was changed: "Updated 15 March 2025", "14 March 2025, last modified 15 March".
enum ModificationLine {
    private static let words = [
        "updated", "modified", "last revised", "aktualisiert", "mis à jour", "actualizado", "aggiornato", "atualizado",
        "bijgewerkt", "zaktualizowano",
    ].map { Array($0.utf8) }

    /// The date that follows such a word; nil if the line is none.
    static func date(in line: [UInt8]) -> WrittenDate? {
        let lower = line.map(ASCII.lower)
        for word in words {
            guard let end = end(of: word, in: lower), var date = WrittenDate(in: Array(line[end...])) else { continue }
            date.range = end + date.range.lowerBound..<end + date.range.upperBound
            return date
        }
        return nil
    }

    /// Where the word ends, standing for itself.
    private static func end(of word: [UInt8], in line: [UInt8]) -> Int? {
        guard line.count > word.count else { return nil }
        for start in 0..<line.count - word.count where line[start] == word[0] {
            guard line[start..<start + word.count].elementsEqual(word), start == 0 || !ASCII.isLetter(line[start - 1]),
                !ASCII.isLetter(line[start + word.count])
            else { continue }
            return start + word.count
        }
        return nil
    }
}
