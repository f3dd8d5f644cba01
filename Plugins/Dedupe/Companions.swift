/// Lists of documents that share a slot value, for a run of documents: as many of these as the lists fit into memory for.
///
/// Lists are added for all documents of the run; when they grow too many the run is made shorter, and what only later
/// documents need is forgotten. Whoever wants these adds all lists again for a run that begins there.
struct Companions {
    /// Those whose lists are all here.
    private(set) var documents: Range<Int>
    private let most: Int
    /// All lists one behind the other, each in order, without documents before the run.
    private var members: [Int32] = []
    private var ends: [Int] = []

    init(of documents: Range<Int>, most: Int) {
        self.documents = documents
        self.most = most
    }

    /// - Parameter list: in order.
    mutating func add(_ list: ArraySlice<Int32>) {
        let list = list.drop { $0 < documents.lowerBound }
        guard let first = list.first, list.count > 1, first < documents.upperBound else { return }
        // An array that grows by itself doubles, and the lists are most of what there is in memory.
        if members.count + list.count > members.capacity, members.count > most / 4 { members.reserveCapacity(most + list.count) }
        members += list
        ends.append(members.count)
        // One document is in so few lists that they always fit.
        while members.count > most && documents.count > 1 { shorten() }
    }

    private mutating func shorten() {
        documents = documents.lowerBound..<documents.lowerBound + (documents.count + 1) / 2
        var (start, keptMembers, keptLists) = (0, 0, 0)
        for list in ends.indices {
            let end = ends[list]
            if members[start] < documents.upperBound {
                for index in start..<end {
                    members[keptMembers] = members[index]
                    keptMembers += 1
                }
                ends[keptLists] = keptMembers
                keptLists += 1
            }
            start = end
        }
        members.removeLast(members.count - keptMembers)
        ends.removeLast(ends.count - keptLists)
    }

    /// Calls `body` with each document of the run that is in a list, in order, and the lists it is in.
    func forEachDocument(_ body: (Int32, [ArraySlice<Int32>]) -> Void) {
        // Where the lists of each document begin among all, by counting (Knuth, "The Art of Computer Programming" 3, 5.2 D).
        var starts = [Int32](repeating: 0, count: documents.count + 1)
        for member in members where member < documents.upperBound { starts[Int(member) - documents.lowerBound + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var lists = [Int32](repeating: 0, count: Int(starts[documents.count]))
        var free = starts
        var start = 0
        for (list, end) in ends.enumerated() {
            for member in members[start..<end] where member < documents.upperBound {
                let document = Int(member) - documents.lowerBound
                lists[Int(free[document])] = Int32(list)
                free[document] += 1
            }
            start = end
        }
        for document in 0..<documents.count where starts[document] < starts[document + 1] {
            let own = lists[Int(starts[document])..<Int(starts[document + 1])]
            body(
                Int32(documents.lowerBound + document),
                own.map { list in members[(list == 0 ? 0 : ends[Int(list) - 1])..<ends[Int(list)]] })
        }
    }
}
