import HeadwaterModel
package import HeadwaterPluginKit

/// One line of a flattened page with its signals, for the script that trains the trees.
package struct TrainingLine {
    package var text: [UInt8]
    package var isKept: Bool
    package var signals: [Int32]

    /// The names of the signals, in order.
    package static let names = LineSignals.names

    /// The lines of a page as the rules judge them.
    package static func lines(of page: TracedText, locator: String) -> [TrainingLine] {
        let article = Article(page, locator: locator, mediaType: "text/plain", hint: "", asksTrees: false)
        let title = article.metadata[.title].map { Array($0.value.utf8) } ?? []
        var signals = LineSignals(article.blocks, title: title)
        return article.blocks.indices.map { index in
            TrainingLine(
                text: article.blocks[index].text, isKept: article.blocks[index].reason == nil,
                signals: Array(signals.row(index)))
        }
    }
}
