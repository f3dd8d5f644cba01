/// Byte strings put away one after the other and read again in any order, so that many of them take no memory.
final class Spool {
    private var ends: [Int] = []
    private let spooled = SpooledBytes()

    var count: Int { ends.count }

    /// - Throws: `StageError` if there is no room.
    func append(_ bytes: [UInt8]) throws { ends.append(try spooled.append(bytes).upperBound) }

    subscript(_ index: Int) -> [UInt8] {
        get throws {
            guard ends.indices.contains(index) else { throw StageError("there is no element \(index) of \(ends.count)") }
            return try spooled.read((index == 0 ? 0 : ends[index - 1])..<ends[index])
        }
    }
}
