import Foundation
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore
import HeadwaterTesting
import Testing

@testable import HeadwaterEngine

@Suite struct StampHintsTests {
    private let now = 1_000_000_000_000_000_000
    private let task = Digest(of: Array("a task".utf8))

    private func page(_ name: String, size: Int = 100, modified: Int = 5, changed: Int = 5, inode: UInt64 = 7) -> FoundSource {
        FoundSource(
            locator: name,
            place: .file(
                path: Array("/folder/\(name)".utf8),
                stamp: FileStamp(size: size, modified: modified, changed: changed, inode: inode)), size: size)
    }

    /// As the next run of a pipeline has them.
    private func hints(_ folder: TemporaryFolder) throws -> StampHints {
        StampHints(of: "p", in: try Store.open(at: folder("store"), .write), now: now)
    }

    private func hint(_ text: String, sources: Int = 3) -> StampHints.Hint {
        .init(key: Digest(of: Array(text.utf8)), sources: (0..<sources).map { Digest(of: Array("\(text)\($0)".utf8)) })
    }

    @Test("whatever a hint depends on changes its stamps: name, place, size, times, inode, order, number, and the task")
    func stamps() throws {
        let folder = try TemporaryFolder()
        let hints = try hints(folder)
        let all: [[FoundSource]] = [
            [], [page("a")], [page("b")], [page("a"), page("b")], [page("b"), page("a")], [page("a", size: 101)],
            [page("a", modified: 6)], [page("a", changed: 6)], [page("a", inode: 8)],
        ]
        var seen = Set(all.compactMap { hints.stamps(of: $0, task: task) })
        #expect(seen.count == all.count)
        seen.insert(try #require(hints.stamps(of: all[0], task: Digest(of: [1]))))
        #expect(seen.count == all.count + 1)
    }

    @Test("a file that changed within the clock's grain leaves no hint, nor does an answer of the network")
    func racy() throws {
        let folder = try TemporaryFolder()
        let hints = try hints(folder)
        #expect(hints.stamps(of: [page("a", modified: now - 1_000_000_000)], task: task) == nil)
        #expect(hints.stamps(of: [page("a", changed: now + 5)], task: task) == nil)
        #expect(hints.stamps(of: [FoundSource(locator: "u", place: .request(url: "u"), size: 0)], task: task) == nil)
        #expect(hints.stamps(of: [page("a", modified: now - 3_000_000_000)], task: task) != nil)
    }

    @Test("what is kept is there the next time; what a run that saw all did not see is forgotten")
    func kept() throws {
        let folder = try TemporaryFolder()
        let (a, b) = (Digest(of: [1]), Digest(of: [2]))
        let first = try hints(folder)
        #expect(first.hint(a) == nil)
        first.remember(hint("a"), stamps: a)
        first.remember(hint("b", sources: 0), stamps: b)
        first.save(sawAll: true)
        let second = try hints(folder)
        #expect(second.hint(a) == hint("a"))
        second.save(sawAll: false)
        let third = try hints(folder)
        #expect(third.hint(b) == hint("b", sources: 0))
        third.save(sawAll: true)
        let fourth = try hints(folder)
        #expect(fourth.hint(a) == nil)
        #expect(fourth.hint(b) == hint("b", sources: 0))
    }

    @Test("a hint file with any bit flipped, or cut anywhere, gives no hint")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let path = folder("store/hints/p")
        let a = Digest(of: [1])
        let hints = try hints(folder)
        hints.remember(hint("a"), stamps: a)
        hints.save(sawAll: true)
        let store = try Store.open(at: folder("store"), .read)
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for offset in whole.indices {
            var flipped = whole
            flipped[offset] ^= 1
            for content in [flipped, Array(whole[..<offset])] {
                try Data(content).write(to: URL(fileURLWithPath: path))
                #expect(StampHints(of: "p", in: store, now: now).hint(a) == nil)
            }
        }
    }
}
