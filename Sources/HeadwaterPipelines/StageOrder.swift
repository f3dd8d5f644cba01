/// An order in which each stage follows all that it needs, or the circles that make one impossible.
struct StageOrder {
    /// Indices of stages; without those in a circle, or behind one.
    private(set) var order: [Int] = []
    /// Each as indices of stages that need the next one, the last one the first; begins with its first in the file.
    private(set) var circles: [[Int]] = []

    /// - Parameter needs: for each stage the indices of the stages it needs, in any order.
    init(needs: [[Int]]) {
        var waiting = needs.map { Set($0).count }
        var dependents: [[Int]] = Array(repeating: [], count: needs.count)
        for (stage, needed) in needs.enumerated() {
            for other in Set(needed).sorted() { dependents[other].append(stage) }
        }
        // Kahn's algorithm, of all that are ready the first in the file; `ready` falls, so that it is the last element.
        var ready = Array(needs.indices.filter { waiting[$0] == 0 }.reversed())
        while let stage = ready.popLast() {
            order.append(stage)
            for dependent in dependents[stage] {
                waiting[dependent] -= 1
                if waiting[dependent] == 0 { ready.insert(dependent, at: StageOrder.place(of: dependent, in: ready)) }
            }
        }
        if order.count < needs.count { findCircles(needs) }
    }

    private static func place(of stage: Int, in falling: [Int]) -> Int {
        var low = 0
        var high = falling.count
        while low < high {
            let middle = (low + high) / 2
            if falling[middle] > stage { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Finds circles that share no stage: walks along needs, depth first, and cuts out the circle whenever it meets
    /// a stage that it is still on its way from. Without recursion, for a circle may be as long as the file.
    private mutating func findCircles(_ needs: [[Int]]) {
        var isDone = Array(repeating: false, count: needs.count)
        for stage in order { isDone[stage] = true }
        var depth: [Int?] = Array(repeating: nil, count: needs.count)
        for start in needs.indices where !isDone[start] {
            var path = [start]
            var nextNeed = [0]
            depth[start] = 0
            while let stage = path.last, let next = nextNeed.last {
                guard next < needs[stage].count else {
                    isDone[stage] = true
                    depth[stage] = nil
                    path.removeLast()
                    nextNeed.removeLast()
                    continue
                }
                nextNeed[nextNeed.count - 1] += 1
                let needed = needs[stage][next]
                if isDone[needed] { continue }
                if let begin = depth[needed] {
                    let circle = Array(path[begin...])
                    for member in circle {
                        isDone[member] = true
                        depth[member] = nil
                    }
                    path.removeLast(circle.count)
                    nextNeed.removeLast(circle.count)
                    circles.append(StageOrder.turned(circle))
                } else {
                    depth[needed] = path.count
                    path.append(needed)
                    nextNeed.append(0)
                }
            }
        }
    }

    private static func turned(_ circle: [Int]) -> [Int] {
        guard let first = circle.min(), let index = circle.firstIndex(of: first) else { return circle }
        return Array(circle[index...] + circle[..<index])
    }
}
