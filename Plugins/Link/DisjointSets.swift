/// Which of `count` elements belong together, as links become known (Tarjan 1975, with path halving).
///
/// A set is known by its smallest element, so the answer does not depend on the order of the links.
struct DisjointSets {
    private var parents: [Int32]

    init(_ count: Int) { parents = (0..<Int32(count)).map { $0 } }

    mutating func root(_ element: Int) -> Int {
        var index = element
        while Int(parents[index]) != index {
            parents[index] = parents[Int(parents[index])]
            index = Int(parents[index])
        }
        return index
    }

    mutating func join(_ a: Int, _ b: Int) {
        let (a, b) = (root(a), root(b))
        parents[max(a, b)] = Int32(min(a, b))
    }
}
