/// Collects the faults of a file, and of those that it includes, while they are read.
final class FaultLog {
    /// The file itself.
    let source: SourceText
    /// The files that it includes, in the order in which they were read.
    private(set) var included: [SourceText] = []
    private var diagnostics: [(order: Int, diagnostic: Diagnostic)] = []
    private var seen: Set<Key> = []
    private var omittedCount = 0

    /// More faults than this help nobody, and a hostile file could have a hundred thousand.
    private static let mostFaults = 100

    private struct Key: Hashable {
        var position: SourcePosition
        var message: String
    }

    init(_ source: SourceText) { self.source = source }

    /// Takes up a file whose bytes follow those of all before.
    func include(file: String, bytes: [UInt8]) -> SourceText {
        let last = included.last ?? source
        let next = SourceText(file: file, bytes: bytes, base: last.base + last.bytes.count + 1)
        included.append(next)
        return next
    }

    /// The number of the file in which a byte lies, the file itself being 0.
    func index(at offset: Int) -> Int { (included.lastIndex { $0.base <= offset } ?? -1) + 1 }

    /// The file in which a byte lies.
    func source(at offset: Int) -> SourceText { included.last { $0.base <= offset } ?? source }

    func position(of range: Range<Int>) -> SourcePosition { source(at: range.lowerBound).position(of: range) }

    var isEmpty: Bool { diagnostics.isEmpty }

    /// Records a fault at some bytes of the file. One that several aliases lead to is recorded once.
    ///
    /// Nothing is worked out for a fault beyond the most that are kept.
    func report(
        _ range: @autoclosure () -> Range<Int>, _ message: @autoclosure () -> String,
        expected: @autoclosure () -> String? = nil, suggestion: @autoclosure () -> String? = nil
    ) {
        let range = range()
        record(range.lowerBound, Key(position: position(of: range), message: message())) {
            Diagnostic(
                position: $0.position, message: $0.message, expected: expected(), suggestion: suggestion(),
                source: source(at: range.lowerBound))
        }
    }

    /// Records a fault of something outside the file: a command line argument.
    func report(at position: SourcePosition, _ message: String, expected: String? = nil, suggestion: String? = nil) {
        record(-1, Key(position: position, message: message)) {
            Diagnostic(position: $0.position, message: $0.message, expected: expected, suggestion: suggestion)
        }
    }

    private func record(_ order: Int, _ key: @autoclosure () -> Key, _ diagnostic: (Key) -> Diagnostic) {
        guard diagnostics.count < FaultLog.mostFaults else {
            omittedCount += 1
            return
        }
        let key = key()
        if seen.insert(key).inserted { diagnostics.append((order, diagnostic(key))) }
    }

    /// All faults, by position; those at one position in the order in which they were found.
    var faults: PipelineFaults {
        let sorted = diagnostics.enumerated().sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }
        return PipelineFaults(sorted.map(\.element.diagnostic), omittedCount: omittedCount)
    }
}
