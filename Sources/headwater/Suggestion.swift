import HeadwaterModel

/// What somebody most likely meant who wrote a name that there is not.
enum Suggestion {
    /// A clause for the end of a message; empty where nothing is near.
    static func text(for name: String, among known: [String]) -> String {
        NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? ""
    }
}
