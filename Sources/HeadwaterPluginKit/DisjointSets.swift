/// Which of `count` elements belong together, as links become known (Tarjan 1975, with path halving).
///
/// A set is known by its smallest element, so the answer does not depend on the order of the links.
package struct DisjointSets {
    private var parents: [Int32]

    package init(_ count: Int) { parents = (0..<Int32(count)).map { $0 } }

    /// The smallest element of the set that `element` is in.
    package mutating func root(_ element: Int) -> Int {
        var index = element
        while Int(parents[index]) != index {
            parents[index] = parents[Int(parents[index])]
            index = Int(parents[index])
        }
        return index
    }

    /// - Returns: whether the two were in different sets.
    @discardableResult
    package mutating func join(_ a: Int, _ b: Int) -> Bool {
        let (a, b) = (root(a), root(b))
        parents[max(a, b)] = Int32(min(a, b))
        return a != b
    }

    /// The sets of at least two elements, each in order, by their smallest element.
    package mutating func sets() -> [[Int]] {
        var members: [[Int]] = Array(repeating: [], count: parents.count)
        for element in parents.indices { members[root(element)].append(element) }
        return members.filter { $0.count > 1 }
    }
}
