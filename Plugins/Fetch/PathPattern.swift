/// A set of path patterns, followed name by name while folders are walked, so that each folder is read once however
/// many patterns lead there.
struct PathPattern: Hashable {
    enum Step: Hashable {
        /// Exactly one name.
        case name(NamePattern)
        /// `**`: any number of folders, or none.
        case folders
    }

    /// Where in the patterns a walk stands: all places that what was walked so far can have reached.
    struct State: Hashable {
        fileprivate var places: Set<Place>
        /// Nothing below can match any more.
        var isDead: Bool { places.isEmpty }
    }

    fileprivate struct Place: Hashable {
        var pattern: Int
        var step: Int
    }

    private let patterns: [[Step]]

    /// - Parameter text: a pattern relative to where the walk starts; its braces are spelt out.
    /// - Throws: `PatternFault`
    init(_ text: ArraySlice<UInt8>) throws(PatternFault) {
        var patterns: [[Step]] = []
        for alternative in try Braces.expand(text) { patterns.append(try PathPattern.steps(alternative[...])) }
        self.patterns = patterns
    }

    init(_ patterns: [[Step]]) { self.patterns = patterns }

    /// All files below a folder.
    static let everything = PathPattern([[.folders, .name(.anyName)]])

    /// One pattern's steps.
    static func steps(_ text: ArraySlice<UInt8>) throws(PatternFault) -> [Step] {
        var steps: [Step] = []
        for part in text.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            if part.elementsEqual("..".utf8) {
                throw PatternFault("'..' cannot follow a wildcard; name the folder that is meant")
            }
            if part.elementsEqual("**".utf8) {
                if steps.last != .folders { steps.append(.folders) }
            } else {
                steps.append(.name(try NamePattern(part)))
            }
        }
        // A last `**` means the files in those folders.
        if steps.last == .folders { steps.append(.name(.anyName)) }
        return steps
    }

    var start: State { closed(Set(patterns.indices.map { Place(pattern: $0, step: 0) })) }

    /// Where the walk stands after entering or finding `name`.
    func state(_ state: State, after name: [UInt8], hidden: Bool) -> State {
        var next: Set<Place> = []
        for place in state.places where place.step < patterns[place.pattern].count {
            switch patterns[place.pattern][place.step] {
            case .name(let pattern):
                if pattern.matches(name, hidden: hidden) { next.insert(Place(pattern: place.pattern, step: place.step + 1)) }
            case .folders:
                if hidden || name.first != UInt8(ascii: ".") { next.insert(place) }
            }
        }
        return closed(next)
    }

    /// Whether a file reached in this state is one of those meant.
    func isMatch(_ state: State) -> Bool {
        state.places.contains { $0.step == patterns[$0.pattern].count }
    }

    /// Whether a folder reached in this state can hold anything that is meant.
    func leadsOn(_ state: State) -> Bool {
        state.places.contains { $0.step < patterns[$0.pattern].count }
    }

    /// `**` may stand for no folder at all, so a place before it is a place behind it too.
    private func closed(_ places: Set<Place>) -> State {
        var all = places
        for place in places {
            var place = place
            while place.step < patterns[place.pattern].count, patterns[place.pattern][place.step] == .folders {
                place.step += 1
                all.insert(place)
            }
        }
        return State(places: all)
    }
}
