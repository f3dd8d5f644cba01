import Glibc
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterPluginKit

@Suite struct SpoolTests {
    private struct Pair: Equatable {
        var key: [UInt8]
        var value: [UInt8]
    }

    private func pairs(_ elements: SpooledElements) throws -> [Pair] {
        var out: [Pair] = []
        try elements.forEach { out.append(Pair(key: Array($0.key), value: Array($0.value))) }
        return out
    }

    @Test("what is sorted in runs is what a stable sort of all of it is, however few bytes are held", arguments: 0..<40)
    func sorts(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        let most = [1, 100, 5000, 1 << 20][seed % 4]
        var sorter = SpoolSorter(holding: most)
        // Keys that repeat and keys that begin with others, in stretches that are in order already.
        var all: [Pair] = []
        for stretch in 0..<Int.random(in: 0...8, using: &random) {
            let keys = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                (0..<Int.random(in: 0...3, using: &random)).map { _ in UInt8.random(in: 97...100, using: &random) }
            }
            let isSorted = Bool.random(using: &random)
            for key in isSorted ? keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) : keys {
                all.append(Pair(key: key, value: Array("\(stretch) \(all.count)".utf8)))
            }
        }
        for pair in all { try pair.key.withUnsafeBytes { key in try sorter.append(key) { $0 += pair.value } } }
        #expect(sorter.count == all.count)
        let expected = all.enumerated().sorted { a, b in
            a.element.key.lexicographicallyPrecedes(b.element.key) || a.element.key == b.element.key && a.offset < b.offset
        }
        #expect(try pairs(sorter.sorted()) == expected.map(\.element), "seed \(seed), \(most) bytes held")
    }

    @Test("what was put away is read again from anywhere, in memory or not", arguments: 0..<10)
    func reads(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        let spooled = SpooledBytes()
        var all: [UInt8] = []
        for _ in 0..<60 {
            let part = (0..<Int.random(in: 0...30_000, using: &random)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ all.count) }
            #expect(try spooled.append(part) == all.count..<all.count + part.count)
            all += part
            let start = Int.random(in: 0...all.count, using: &random)
            let end = Int.random(in: start...all.count, using: &random)
            #expect(try spooled.read(start..<end) == Array(all[start..<end]), "seed \(seed)")
        }
        #expect(try spooled.read(0..<spooled.count) == all, "seed \(seed)")
    }

    @Test(
        "one bit that a disk gives back wrong, or a block in another's place, is an error that names the folder", arguments: 0..<8
    )
    func wrongBytes(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let folder = try TemporaryFolder()
        let spooled = SpooledBytes(in: folder.path)
        // The process has one file more open than before.
        let all = (0..<(1 << 20)).map { _ in UInt8.random(in: 0...255, using: &random) }
        try spooled.append(all)
        let file = try #require(SpoolTests.unnamedFile(in: folder.path))
        defer { close(file) }
        let place = Int.random(in: 0..<all.count, using: &random)
        var byte = all[place] ^ 1 << UInt8.random(in: 0...7, using: &random)
        #expect(pwrite(file, &byte, 1, off_t(place)) == 1)
        let expected = "a file in \(folder.path) gave back other bytes than were written to it; check its disk, or name another "
        for range in [place..<place + 1, 0..<all.count, max(0, place - 5000)..<place] {
            let block = place / SpooledBytes.block
            guard range.lowerBound / SpooledBytes.block <= block, (range.upperBound - 1) / SpooledBytes.block >= block else {
                continue
            }
            let error = #expect(throws: StageError.self) { try spooled.read(range) }
            #expect(error?.description.hasPrefix(expected) == true)
        }
        byte = all[place]
        #expect(pwrite(file, &byte, 1, off_t(place)) == 1)
        #expect(try spooled.read(0..<all.count) == all)
        var blocks = Array(all[SpooledBytes.block..<2 * SpooledBytes.block] + all[..<SpooledBytes.block])
        #expect(pwrite(file, &blocks, blocks.count, 0) == blocks.count)
        #expect(throws: StageError.self) { try spooled.read(0..<10) }
        #expect(try spooled.read(3 * SpooledBytes.block..<all.count) == Array(all[(3 * SpooledBytes.block)...]))
    }

    /// The file without a name that this process has open in a folder, opened once more.
    private static func unnamedFile(in folder: String) -> Int32? {
        for number in 3..<1024 {
            var target = [CChar](repeating: 0, count: 4096)
            guard readlink("/proc/self/fd/\(number)", &target, target.count - 1) > 0 else { continue }
            let path = String(decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard path.hasPrefix(folder + "/") else { continue }
            let opened = open("/proc/self/fd/\(number)", O_RDWR | O_CLOEXEC)
            if opened >= 0 { return opened }
        }
        return nil
    }

    @Test("where there is no room the error says where, and how to have another place")
    func refused() throws {
        let spooled = SpooledBytes(in: "/nowhere")
        try spooled.append([UInt8](repeating: 1, count: 1000))
        let error = #expect(throws: StageError.self) { try spooled.append([UInt8](repeating: 2, count: 1 << 20)) }
        #expect(error?.description == "a file in /nowhere cannot be made: No such file or directory; TMPDIR names another folder")
    }

    @Test("sources of every kind come back as they were, in the order of their locators")
    func sources() throws {
        let stamp = FileStamp(size: 7, modified: -1, changed: .max, inode: .max)
        let files = (0..<2).map { number in
            MemberFile(
                locator: "archive-\(number)", path: Array("/a/\(number)".utf8), stamp: stamp, digest: Digest(of: [UInt8(number)]))
        }
        let layers = [
            Container.Layer(.gzip), Container.Layer(.stored, ByteRange(start: 3, length: 0)),
            Container.Layer(.chunked, ByteRange(start: 0, length: .max)),
        ]
        var all = [
            FoundSource(locator: "b", place: .file(path: [0x2F, 0xFF, 0x62], stamp: stamp), size: 9),
            FoundSource(locator: "https://x.example/ä", place: .request(url: "https://x.example/%C3%A4"), size: 0),
        ]
        for number in 0..<6 {
            let member = Member(
                of: files[number % 2], number: number, layers: Array(layers.prefix(number % 4)),
                facts: number < 4 ? ["form": "json", "ä": "\(number / 2)"] : [:])
            all.append(FoundSource(locator: "archive-\(number % 2)!/\(number)", place: .member(member), size: number))
        }
        let found = try FoundSources(all.reversed())
        var read: [FoundSource] = []
        try found.forEach { read.append($0) }
        #expect(read == all.sorted { $0.locator.utf8.lexicographicallyPrecedes($1.locator.utf8) })
        #expect(found.count == all.count)
    }

    @Test("places that a disk gave back damaged are read as others or as an error, and stop nothing", arguments: 0..<400)
    func damaged(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let stamp = FileStamp(size: 5, modified: 1, changed: 2, inode: 3)
        let file = MemberFile(locator: "a.tar", path: [47, 97], stamp: stamp, digest: Digest(of: [1]))
        let member = Member(
            of: file, number: 4, layers: [.init(.gzip), .init(.stored, ByteRange(start: 1, length: 2))], facts: ["form": "json"])
        for place in [FoundSource.Place.file(path: [47], stamp: stamp), .request(url: "https://a.example/"), .member(member)] {
            var bytes: [UInt8] = []
            StoredPlace.write(place, size: 9, file: 0, &bytes)
            mutate(&bytes, &random)
            bytes.withUnsafeBytes { bytes in
                var reader = StoredPlaceReader(bytes)
                guard let head = try? reader.head() else { return }
                switch head.kind {
                case .file: _ = try? reader.stamp()
                case .request: break
                case .member: _ = try? (reader.number(), reader.number(), reader.layers(), reader.facts())
                }
            }
        }
        var bytes = StoredPlace.bytes(of: file)
        mutate(&bytes, &random)
        bytes.withUnsafeBytes { bytes in
            var reader = StoredPlaceReader(bytes)
            _ = try? reader.memberFile()
        }
        // Lengths of elements, too.
        let spooled = SpooledBytes()
        var elements: [UInt8] = [1, 0, 0, 0, 2, 0, 0, 0, 65, 66, 67]
        mutate(&elements, &random)
        let range = try spooled.append(elements)
        try? SpooledElements(bytes: spooled, range: range).forEach { #expect($0.range.upperBound <= range.upperBound) }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        bytes.removeLast(Int.random(in: 0...bytes.count / 2, using: &random))
    }
}
