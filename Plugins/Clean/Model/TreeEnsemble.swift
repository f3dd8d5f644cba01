/// Boosted decision trees (Friedman, "Greedy Function Approximation", Annals of Statistics 2001) over whole numbers: the sum
/// of one leaf of each tree. All of it is integer arithmetic, so that every machine gives the same.
struct TreeEnsemble {
    private var nodes: [Node] = []
    /// Where each tree begins.
    private var roots: [Int] = []
    private let base: Int

    /// An inner node asks whether a column is at most a threshold: the next node if so, else the one at `other`. A leaf has
    /// no column and gives its score.
    private struct Node {
        var column: Int32
        var value: Int32
        var other: Int32
    }

    /// - Parameter table: the score of every row on the first line, then one tree a line in preorder: `column<=threshold` or
    ///   `=score`, parted by spaces.
    init(_ table: StaticString) {
        let text = UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount)
        let lines = text.split(separator: UInt8(ascii: "\n"))
        base = lines.first.map { Self.number($0) } ?? 0
        for line in lines.dropFirst() {
            roots.append(nodes.count)
            // Inner nodes whose second branch is still to come.
            var open: [Int] = []
            for token in line.split(separator: UInt8(ascii: " ")) {
                if let sign = token.firstIndex(of: UInt8(ascii: "<")) {
                    open.append(nodes.count)
                    let threshold = Self.number(token[(sign + 2)...])
                    nodes.append(Node(column: Int32(Self.number(token[..<sign])), value: Int32(threshold), other: 0))
                } else {
                    nodes.append(Node(column: -1, value: Int32(Self.number(token.dropFirst())), other: 0))
                    if let parent = open.popLast() { nodes[parent].other = Int32(nodes.count) }
                }
            }
        }
    }

    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        let isNegative = digits.first == UInt8(ascii: "-")
        let size = digits.drop { $0 == UInt8(ascii: "-") }.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return isNegative ? -size : size
    }

    /// The columns that are asked for.
    var columns: [Int] { nodes.filter { $0.column >= 0 }.map { Int($0.column) } }

    /// The score of a row: the logarithm of the odds, in parts of `LineTrees.unit`.
    func score(_ row: ArraySlice<Int32>) -> Int {
        var sum = base
        row.withUnsafeBufferPointer { row in
            for root in roots {
                var index = root
                while nodes[index].column >= 0 {
                    index = row[Int(nodes[index].column)] <= nodes[index].value ? index + 1 : Int(nodes[index].other)
                }
                sum += Int(nodes[index].value)
            }
        }
        return sum
    }
}
