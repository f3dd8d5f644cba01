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
        fileprivate var places = PlaceSet()
        /// Nothing below can match any more.
        var isDead: Bool { places.isEmpty }
    }

    /// The steps of one pattern after the other's. A place is an index here; behind each pattern's last step comes its
    /// end, which is nil.
    private let steps: [Step?]
    private let starts: [Int]
    private let ends: PlaceSet

    /// - Parameter text: a pattern relative to where the walk starts; its braces are spelt out.
    /// - Throws: `PatternFault`
    init(_ text: ArraySlice<UInt8>) throws(PatternFault) {
        var patterns: [[Step]] = []
        for alternative in try Braces.expand(text) { patterns.append(try PathPattern.steps(alternative[...])) }
        self.init(patterns)
    }

    init(_ patterns: [[Step]]) {
        var steps: [Step?] = []
        var starts: [Int] = []
        var ends = PlaceSet()
        for pattern in patterns {
            starts.append(steps.count)
            for step in pattern { steps.append(step) }
            ends.insert(steps.count)
            steps.append(nil)
        }
        (self.steps, self.starts, self.ends) = (steps, starts, ends)
    }

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

    var start: State {
        var state = State()
        for place in starts { reach(place, &state) }
        return state
    }

    /// Where the walk stands after entering or finding `name`.
    func state(_ state: State, after name: ArraySlice<UInt8>, hidden: Bool) -> State {
        var next = State()
        state.places.forEach { place in
            switch steps[place] {
            case .name(let pattern)?: if pattern.matches(name, hidden: hidden) { reach(place + 1, &next) }
            case .folders?: if hidden || name.first != UInt8(ascii: ".") { reach(place, &next) }
            case nil: break
            }
        }
        return next
    }

    /// Whether a file reached in this state is one of those meant.
    func isMatch(_ state: State) -> Bool { state.places.meets(ends) }

    /// Whether a folder reached in this state can hold anything that is meant.
    func leadsOn(_ state: State) -> Bool { !state.places.isSubset(of: ends) }

    /// `**` may stand for no folder at all, so a place before it is a place behind it too.
    private func reach(_ place: Int, _ state: inout State) {
        var place = place
        state.places.insert(place)
        while case .folders? = steps[place] {
            place += 1
            state.places.insert(place)
        }
    }
}
