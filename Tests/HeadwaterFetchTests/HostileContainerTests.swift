import HeadwaterCompression
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterFetch

/// Files that are made to have sums overflow, or few bytes become very many.
@Suite struct HostileContainerTests {
    private let work: WorkFolder
    private let fetch: Fetch

    init() throws {
        work = try WorkFolder()
        fetch = try Fetch(parameters: Parameters([:], declared: Fetch.declaration.parameters))
    }

    private func find(_ name: String, _ bytes: [UInt8]) throws -> [FoundSource] {
        try work.write(Array(name.utf8), bytes)
        return try work.locate([name])
    }

    /// A header of a tar archive (ustar) that says it has so many bytes, and the bytes that follow it.
    private static func entry(_ name: String, type: Character, size: Int, _ content: String) -> [UInt8] {
        func field(_ text: String, _ width: Int) -> [UInt8] {
            Array(text.utf8) + [UInt8](repeating: 0, count: width - text.utf8.count)
        }
        let octal = String(size, radix: 8)
        var header = field(name, 100) + field("0000644", 8) + field("0000000", 8) + field("0000000", 8)
        header += field(String(repeating: "0", count: 11 - octal.count) + octal, 12) + field("00000000000", 12)
        header += Array("        ".utf8) + Array("\(type)".utf8) + field("", 100) + field("ustar\u{0}00", 8) + field("", 247)
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        header.replaceSubrange(148..<156, with: field(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ", 8))
        return header + field(content, (content.utf8.count + 511) / 512 * 512)
    }

    @Test(
        "an archive that states an impossible size is damaged from there on, and what came before is there",
        arguments: ["9223372036854775807", "9223372036854775300", "-1", "-9223372036854775808"])
    func impossibleSize(size: String) throws {
        let words = " size=\(size)\n"
        let line = "\(words.utf8.count + 2)\(words)"
        let archive =
            Self.entry("first.txt", type: "0", size: 4, "one\n")
            + Self.entry("pax", type: "x", size: line.utf8.count, line) + Self.entry("second.txt", type: "0", size: 4, "two\n")
        let found = try find("a.tar", archive + [UInt8](repeating: 0, count: 1024))
        let read = try found.map { try fetch.retrieve($0) }
        #expect(found.map(\.locator) == ["a.tar!/damaged", "a.tar!/first.txt"])
        #expect(read.first?.facts[MemberFact.fault] == "damaged")
        #expect(read.last.map { String(decoding: $0.bytes, as: UTF8.self) } == "one\n")
    }

    @Test(
        "a response that ends within its own header is damaged, and the record behind it is read",
        arguments: ["HTTP/1.1 200 OK", "HTTP/1.1 200 OK\n", "HTTP/1.1 200 OK\r\nContent-Type: text/html", ""],
        ["\n\n", "\r\n\r\n", "\n"])
    func headerWithoutEnd(block: String, end: String) throws {
        func record(_ uri: String, _ block: String) -> String {
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: \(uri)\r\nContent-Type: application/http\r\n"
                + "Content-Length: \(block.utf8.count)\r\n\r\n\(block)"
        }
        let whole = record("https://ferry.example/2", "HTTP/1.1 200 OK\r\n\r\nThe ferry did not run.")
        let found = try find("a.warc", Array((record("https://ferry.example/1", block) + end + whole + "\r\n\r\n").utf8))
        let read = try found.map { try fetch.retrieve($0) }
        #expect(found.map(\.locator) == ["a.warc!/https://ferry.example/1", "a.warc!/https://ferry.example/2"])
        // Where a line feed stands right behind the block, it may be taken for the header's end.
        #expect(read[0].bytes.isEmpty || read[0].facts[MemberFact.fault] == "damaged")
        #expect(String(decoding: read[1].bytes, as: UTF8.self) == "The ferry did not run.")
    }

    /// A frame of Zstandard that says of each 128 KiB that all of it is one byte (RFC 8878, section 3.1.1.2.2).
    private static func zstdBomb(blocks: Int) -> [UInt8] {
        var bytes: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58]
        for number in 1...blocks {
            let header = (128 << 10) << 3 | 1 << 1 | (number == blocks ? 1 : 0)
            bytes += [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16), UInt8(ascii: "a")]
        }
        return bytes
    }

    @Test("a part that unpacks to more than the limit is dropped as too large; one that unpacks to just as much is read")
    func bombs() throws {
        let limit = 1 << 20
        let zeros = [UInt8](repeating: UInt8(ascii: "a"), count: limit + 1)
        let reader = MemberReader(maximumLength: limit)
        for (name, bytes, fits) in [
            ("bomb.txt.gz", try #require(Gzip.member(zeros)), false),
            ("whole.txt.gz", try #require(Gzip.member(zeros.dropLast())), true),
            ("members.txt.gz", try (0..<9).flatMap { _ in try #require(Gzip.member(zeros.prefix(limit / 8))) }, false),
            ("bomb.txt.zst", Self.zstdBomb(blocks: 9), false), ("whole.txt.zst", Self.zstdBomb(blocks: 8), true),
        ] {
            let found = try #require(try find(name, bytes).first)
            guard case .member(let member) = found.place else {
                Issue.record("\(name) was not opened")
                continue
            }
            let read = try reader.read(member)
            #expect(read.facts[MemberFact.fault] == (fits ? nil : "too-large"), "\(name)")
            // What is too large is given as it lies in the file.
            #expect(read.bytes.count == (fits ? limit : bytes.count), "\(name)")
            let made = try StageBench().describe(fetch, read.bytes, locator: found.locator, facts: read.facts)
            #expect(made.drops.map(\.reason) == (fits ? [] : ["too-large"]), "\(name)")
        }
    }

    @Test("a stream that unpacks to more than is allowed, or to very many times its size, is read no further and says so")
    func limits() throws {
        let text = Array((0..<20_000).map { "line \($0 &* 7919 % 10_007) of a log\n" }.joined().utf8)
        let few = try #require(Gzip.member(text))
        let zeros = try #require(Gzip.member([UInt8](repeating: 0, count: 4 << 20)))
        for (name, bytes, limits, message) in [
            ("fits.txt.gz", few, UnpackingLimits(maximum: text.count), nil),
            (
                "size.txt.gz", few, UnpackingLimits(maximum: text.count - 1),
                "more than \(text.count - 1) bytes, and 'maximumUnpacked'"
            ),
            ("ratio.txt.gz", zeros, UnpackingLimits(bomb: (200, 1 << 20)), "more than 200 times its size"),
            ("small.txt.gz", zeros, UnpackingLimits(bomb: (200, 4 << 20)), nil),
        ] as [(String, [UInt8], UnpackingLimits, String?)] {
            try work.write(Array(name.utf8), bytes)
            var listing = MemberListing(text: ["text"], names: ["id"], carried: [])
            listing.limits = limits
            let file = try OpenFile(work.absolute(name))
            let whole = FoundSource(locator: name, place: .file(path: file.path, stamp: file.stamp), size: bytes.count)
            var members: [Member] = []
            try listing.list(whole, file, format: try #require(ContainerFormat(name: name.utf8))) { found in
                if case .member(let member) = found.place { members.append(member) }
            }
            #expect(members.count == 1)
            #expect(members.first?.facts[MemberFact.fault] == message.map { _ in "too-large" }, "\(name)")
            if let message { #expect(members.first?.facts[MemberFact.message]?.contains(message) == true, "\(name)") }
        }
        // The parameter arrives where it counts.
        try work.write(Array("log.txt.gz".utf8), few)
        let small = try Fetch(parameters: Parameters(["maximumUnpacked": 1000], declared: Fetch.declaration.parameters))
        let base = String(decoding: work.path, as: UTF8.self)
        let found = try small.sources(Places(["from": [.init(text: "log.txt.gz", base: base)]]))
        #expect(found.map(\.locator) == ["log.txt.gz!/damaged"])
        #expect(try found.first.map { try small.retrieve($0) }?.facts[MemberFact.fault] == "too-large")
    }
}
