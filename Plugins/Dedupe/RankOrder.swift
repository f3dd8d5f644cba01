/// Numbers put in order by their places: there may be one for each document of a corpus, so that no second copy of them is made.
enum RankOrder {
    /// The places of the values in the order of these, those of equal values in their own order.
    static func order<Value: FixedWidthInteger>(of values: [Value]) -> [Int32] {
        if Value.bitWidth <= 32 {
            // A value and its place fit into one number, and to sort numbers is faster than to look each up.
            var packed = values.indices.map { UInt64(UInt32(truncatingIfNeeded: values[$0])) << 32 | UInt64($0) }
            packed.sort()
            return packed.map { Int32(truncatingIfNeeded: $0) }
        }
        var order = values.indices.map { Int32($0) }
        values.withUnsafeBufferPointer { values in
            order.sort { (values[Int($0)], $0) < (values[Int($1)], $1) }
        }
        return order
    }

    /// The parts of an order, each of more than one place, in which all values are the same.
    static func ties<Value: Equatable>(in order: [Int32], of values: [Value]) -> [Range<Int>] {
        var ties: [Range<Int>] = []
        var start = 0
        for index in order.indices.dropFirst() where values[Int(order[index])] != values[Int(order[start])] {
            if index - start > 1 { ties.append(start..<index) }
            start = index
        }
        if order.count - start > 1 { ties.append(start..<order.count) }
        return ties
    }
}
