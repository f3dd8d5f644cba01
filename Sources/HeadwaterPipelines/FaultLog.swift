/// Collects the faults of one file while it is read.
final class FaultLog {
    let source: SourceText
    private var diagnostics: [Diagnostic] = []
    private var seen: Set<Key> = []
    private var omittedCount = 0

    /// More faults than this help nobody, and a hostile file could have a hundred thousand.
    private static let mostFaults = 200

    private struct Key: Hashable {
        var position: SourcePosition
        var message: String
    }

    init(_ source: SourceText) { self.source = source }

    var isEmpty: Bool { diagnostics.isEmpty }

    /// Records a fault at some bytes of the file. One that several aliases lead to is recorded once.
    func report(
        _ range: Range<Int>, _ message: @autoclosure () -> String, expected: @autoclosure () -> String? = nil,
        suggestion: @autoclosure () -> String? = nil
    ) {
        report(at: source.position(of: range), message(), expected: expected(), suggestion: suggestion(), source: source)
    }

    /// Records a fault of something outside the file: a command line argument.
    func report(at position: SourcePosition, _ message: String, expected: String? = nil, suggestion: String? = nil) {
        report(at: position, message, expected: expected, suggestion: suggestion, source: nil)
    }

    private func report(
        at position: SourcePosition, _ message: String, expected: @autoclosure () -> String?,
        suggestion: @autoclosure () -> String?, source: SourceText?
    ) {
        if diagnostics.count >= FaultLog.mostFaults {
            omittedCount += 1
            return
        }
        guard seen.insert(Key(position: position, message: message)).inserted else { return }
        diagnostics.append(
            Diagnostic(position: position, message: message, expected: expected(), suggestion: suggestion(), source: source))
    }

    /// All faults, by position; those at one position in the order in which they were found.
    var faults: PipelineFaults {
        let sorted = diagnostics.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }
        return PipelineFaults(sorted.map(\.element), omittedCount: omittedCount)
    }
}
