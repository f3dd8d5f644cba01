import HeadwaterModel
import HeadwaterPluginKit

/// One value that a page states of itself, with the bytes that state it.
struct Finding {
    var value: String
    var origin: TracedText

    init(_ value: String, _ origin: TracedText) {
        self.value = value
        self.origin = origin
    }

    /// A value that is a text of the page.
    init(_ text: TracedText) { self.init(text.string, text) }
}
