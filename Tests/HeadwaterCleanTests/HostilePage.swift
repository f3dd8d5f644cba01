import Foundation

/// A page that is made to exhaust a parser: time, memory or stack.
enum HostilePage: String, CaseIterable {
    case deepNesting, deepFormatting, deepTables, manyAttributes, openComments, openTags, openQuotes, ampersands, lessThans
    case misnestedFormatting, rawTextWithoutEnd, longClass, deepLinkedData

    /// Whether a reader would still find the text on it.
    var keepsText: Bool {
        switch self {
        case .rawTextWithoutEnd: false
        default: true
        }
    }

    var bytes: [UInt8] {
        let many = 20_000
        let text = (0..<4).map {
            "<p>The tide came in at \($0) and went out again at \($0 + 6), as it has done for as long as anybody knows.</p>"
        }.joined()
        func times(_ part: String, _ count: Int) -> String { String(repeating: part, count: count) }
        let page =
            switch self {
            case .deepNesting: times("<div>", many) + text + times("</div>", many)
            case .deepFormatting: times("<b>", many) + text
            case .deepTables: times("<table><tr><td>", many / 3) + text
            case .manyAttributes: "<p " + (0..<many).map { "a\($0)=1 " }.joined() + ">" + text
            case .openComments: text + times("<!--", many)
            case .openTags: text + times("<a ", many)
            case .openQuotes: text + times("<p =\">x</p>", many / 4)
            case .ampersands: "<p>" + times("&", many) + "</p>" + text
            case .lessThans: "<p>" + times("<", many) + "</p>" + text
            case .misnestedFormatting: (0..<500).map { "<b id=\($0)>" }.joined() + times("<p>x", many / 4) + text
            case .rawTextWithoutEnd: times("<script>", many) + text
            case .longClass: "<div class=\"" + times("a-b ", many) + "\">" + text + "</div>"
            case .deepLinkedData: "<script type=\"application/ld+json\">" + times("[", many) + "</script>" + text
            }
        return Array(page.utf8)
    }
}

/// Runs work on a thread with the 512 KiB of stack that a Dispatch worker has.
func onSmallStack<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) throws -> Value {
    let box = ResultBox<Value>()
    let thread = Thread {
        box.result = Result { try work() }
        box.done.signal()
    }
    thread.stackSize = 512 * 1024
    thread.start()
    box.done.wait()
    guard let result = box.result else { throw CancellationError() }
    return try result.get()
}

/// Carries a thread's result over; the semaphore orders the one write before the one read.
private final class ResultBox<Value>: @unchecked Sendable {
    var result: Result<Value, any Error>?
    let done = DispatchSemaphore(value: 0)
}
