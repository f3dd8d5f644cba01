/// Collects the faults of one file while it is read.
final class FaultLog {
    let source: SourceText
    private var diagnostics: [Diagnostic] = []
    private var seen: Set<Key> = []
    private var omittedCount = 0

    /// More faults than this help nobody, and a hostile file could have a hundred thousand.
    private static let mostFaults = 100

    private struct Key: Hashable {
        var position: SourcePosition
        var message: String
    }

    init(_ source: SourceText) { self.source = source }

    var isEmpty: Bool { diagnostics.isEmpty }

    /// Records a fault at some bytes of the file. One that several aliases lead to is recorded once.
    ///
    /// Nothing is worked out for a fault beyond the most that are kept.
    func report(
        _ range: @autoclosure () -> Range<Int>, _ message: @autoclosure () -> String,
        expected: @autoclosure () -> String? = nil, suggestion: @autoclosure () -> String? = nil
    ) {
        record(Key(position: source.position(of: range()), message: message())) {
            Diagnostic(position: $0.position, message: $0.message, expected: expected(), suggestion: suggestion(), source: source)
        }
    }

    /// Records a fault of something outside the file: a command line argument.
    func report(at position: SourcePosition, _ message: String, expected: String? = nil, suggestion: String? = nil) {
        record(Key(position: position, message: message)) {
            Diagnostic(position: $0.position, message: $0.message, expected: expected, suggestion: suggestion)
        }
    }

    private func record(_ key: @autoclosure () -> Key, _ diagnostic: (Key) -> Diagnostic) {
        guard diagnostics.count < FaultLog.mostFaults else {
            omittedCount += 1
            return
        }
        let key = key()
        if seen.insert(key).inserted { diagnostics.append(diagnostic(key)) }
    }

    /// All faults, by position; those at one position in the order in which they were found.
    var faults: PipelineFaults {
        let sorted = diagnostics.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }
        return PipelineFaults(sorted.map(\.element), omittedCount: omittedCount)
    }
}
