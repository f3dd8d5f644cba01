/// What is left out of everything that is found: the patterns that begin with `!`, over whole normalised paths.
///
/// A folder that matches is not entered at all, so that nothing in it can be a fault either.
struct Exclusions {
    private let patterns: PathPattern

    /// Where a walk stands in the exclusions.
    typealias State = PathPattern.State

    init() { patterns = PathPattern([]) }

    /// - Parameter texts: each without its `!`, with the folder that a relative one counts from.
    /// - Parameter fault: called with the index of a text that cannot be read, and why.
    init(_ texts: [(text: [UInt8], base: [UInt8])], fault: (Int, PatternFault) -> Void) {
        var all: [[PathPattern.Step]] = []
        for (index, exclusion) in texts.enumerated() {
            do throws(PatternFault) {
                if exclusion.text.isEmpty { throw PatternFault("a ! has no pattern behind") }
                let (fixed, rest) = Entry.fixedPart(exclusion.text)
                let names = PathText.resolved(fixed, from: exclusion.base).split(separator: PathText.slash)
                let lead = names.map { PathPattern.Step.name(NamePattern(literal: $0)) }
                for alternative in try Braces.expand(rest) { all.append(lead + (try PathPattern.steps(alternative[...]))) }
            } catch {
                fault(index, error)
            }
        }
        patterns = PathPattern(all)
    }

    /// The element of `from` that leaves out one path, as it would be written, in quotes.
    static func element(leavingOut path: [UInt8]) -> String {
        let pattern = path.flatMap { #"\*?[]{}"#.utf8.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
        return PathText.shown([UInt8(ascii: "!")] + pattern)
    }

    /// The state of a walk that begins in this absolute folder; nil if the folder or one that holds it is left out.
    func state(at path: [UInt8]) -> State? {
        var state = patterns.start
        for name in path.split(separator: PathText.slash) {
            guard let next = self.state(state, after: name) else { return nil }
            state = next
        }
        return state
    }

    /// The state one name further; nil if what has this name is left out.
    func state(_ state: State, after name: ArraySlice<UInt8>) -> State? {
        if state.isDead { return state }
        let next = patterns.state(state, after: name, hidden: true)
        return patterns.isMatch(next) ? nil : next
    }
}
