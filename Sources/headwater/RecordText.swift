import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// A record as a person reads it.
enum RecordText {
    /// Characters of text that are shown.
    static let longest = 400

    static func show(_ record: Record, number: Int) {
        let style = Style.standardOutput
        Console.line("\(style.bold("#\(number + 1) \(VisibleText.of(record.kind))")) \(style.faint(record.id.short))")
        for (name, value) in record.fields.sorted(by: { $0.key < $1.key }) {
            Console.line(VisibleText.of("  \(name): \(value.string ?? value.description)"))
        }
        let text = record.string
        if !text.isEmpty {
            let shown = text.count > longest ? text.prefix(longest) + "… (\(record.text.count) bytes)" : text[...]
            for line in shown.split(separator: "\n", omittingEmptySubsequences: false) {
                Console.line("  | \(VisibleText.of(line))")
            }
        }
        Console.line()
    }
}
