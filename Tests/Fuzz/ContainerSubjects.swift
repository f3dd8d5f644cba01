import Foundation
import Glibc
import HeadwaterCompression
import HeadwaterFetch
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting

/// Reads a file of many sources: finds them, takes each, and follows it through the stages.
struct ContainerReading {
    private let folder: String
    private let name: String
    private let fetch: Fetch
    private let reading: Reading

    /// Of so many sources of a file the text is read; all are found.
    private static let most = 40

    init(_ name: String, in folder: String) throws {
        self.folder = folder + "/box"
        self.name = name
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        fetch = try Fetch(parameters: Parameters(["carry": ["title"]], declared: Fetch.declaration.parameters))
        reading = try Reading()
    }

    func read(_ bytes: [UInt8]) throws -> Int {
        try WorkerFile(name, in: folder).write(bytes)
        var found: [FoundSource] = []
        try fetch.locate(Places(["from": [.init(text: name, base: folder)]])).forEach { found.append($0) }
        var shape = Shape()
        shape.add(found.count)
        for (a, b) in zip(found, found.dropFirst()) where !a.locator.utf8.lexicographicallyPrecedes(b.locator.utf8) {
            throw Fuzz.Broken("'\(a.locator)' stands before '\(b.locator)'")
        }
        for source in found.prefix(ContainerReading.most) {
            guard source.locator.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
                throw Fuzz.Broken("a locator holds control characters")
            }
            if let container = source.container {
                guard container.layers.first?.range.map({ $0.checked(within: bytes.count) != nil }) ?? false else {
                    throw Fuzz.Broken("'\(source.locator)' lies outside of its file: \(container.way)")
                }
                guard try Container(json: JSON(parsing: container.json.canonical)) == container else {
                    throw Fuzz.Broken("a container is not read as it is written")
                }
                shape.add(container.layers.map(\.codec.rawValue).joined(separator: " "))
            }
            let retrieved = try fetch.retrieve(source)
            try reading.follow(retrieved.bytes, locator: source.locator, facts: retrieved.facts, into: &shape)
        }
        return shape.number
    }
}

extension Subject {
    private static func container(
        _ name: String, _ file: String, grains: [Grain], words: [String] = [], seeds: @escaping @Sendable () -> [[UInt8]],
        pack: (@Sendable ([UInt8], inout SplitMix) -> [UInt8])? = nil
    ) -> Subject {
        Subject(name: name, seeds: seeds, grains: grains, words: words, pack: pack) { folder in
            let reading = try ContainerReading(file, in: folder)
            return { try reading.read($0) }
        }
    }

    private static func fixtures(_ endings: String...) -> @Sendable () -> [[UInt8]] {
        {
            Fuzz.files("Tests/HeadwaterFetchTests/Fixtures/containers").filter { file in
                endings.contains { file.name.hasSuffix($0) }
            }.map(\.bytes)
        }
    }

    private static let warcWords = [
        "WARC/1.0\r\n", "WARC-Type: response\r\n", "WARC-Type: resource\r\n", "WARC-Type: conversion\r\n",
        "Content-Length: 10\r\n",
        "WARC-Target-URI: <http://x/>\r\n", "WARC-Truncated: length\r\n", "Content-Type: application/http; msgtype=response\r\n",
        "HTTP/1.1 200 OK\r\n", "HTTP/1.1 404 No\r\n", "Transfer-Encoding: chunked\r\n", "Content-Encoding: gzip\r\n",
        "Content-Encoding: br\r\n", "Content-Encoding: deflate\r\n", "Content-Encoding: zstd\r\n", "\r\n", "\r\n\r\n", "\n\n",
        "0\r\n\r\n", "5\r\nabcde\r\n", "7fffffffffffffff\r\n", "a;x=y\r\n", " folded\r\n", "Content-Type: text/html; charset=",
        "windows-1251", "shift_jis", "utf-16",
    ]
    private static let lineWords = [
        "{\"text\":\"", "\"}\n", "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "\\u0000", "\\\"", "null",
        "true",
        "-1.5e300", "\"id\":\"a\",", "\"html\":\"<p>x\",", "\"title\":\"\\n\",", "\n",
    ]
    private static let tableWords = ["\"", "\"\"", ",", ";", "\t", "|", "\r\n", "text,id\n", "\"a\nb\"", "'", "id;title;body\n"]

    static let containers: [Subject] = [
        container("warc", "a.warc", grains: [.lines, .lines, .bytes], words: warcWords, seeds: fixtures(".warc")),
        container(
            "warc.gz", "a.warc.gz", grains: [.lines, .lines, .bytes], words: warcWords, seeds: fixtures(".warc"),
            pack: { Packing.gzip($0, &$1) }),
        container(
            "warc.zst", "a.warc.zst", grains: [.lines, .lines, .bytes], words: warcWords, seeds: fixtures(".warc"),
            pack: { Packing.zstd($0, &$1) }),
        container(
            "tar", "a.tar", grains: [.blocks, .blocks, .bytes], words: Packing.tarWords, seeds: fixtures(".tar"),
            pack: { Packing.tar($0, &$1) }),
        container(
            "tar.gz", "a.tgz", grains: [.blocks, .blocks, .bytes], words: Packing.tarWords, seeds: fixtures(".tar"),
            pack: { Packing.gzip(Packing.tar($0, &$1), &$1) }),
        container(
            "zip", "a.zip", grains: [.bytes], words: ["PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "../"],
            seeds: fixtures(".zip")),
        container("gz", "a.html.gz", grains: [.bytes], seeds: fixtures(".gz", ".tgz")),
        container("zst", "a.html.zst", grains: [.bytes], seeds: fixtures(".zst")),
        container("bz2", "a.html.bz2", grains: [.bytes], seeds: fixtures(".bz2")),
        container("xz", "a.html.xz", grains: [.bytes], seeds: fixtures(".xz", ".txz")),
        container("raw.tar.zst", "a.tar.zst", grains: [.bytes], seeds: fixtures(".zst")),
        container("jsonl", "a.jsonl", grains: [.lines, .bytes], words: lineWords, seeds: fixtures(".jsonl")),
        container("csv", "a.csv", grains: [.lines, .bytes], words: tableWords, seeds: fixtures(".csv", ".tsv")),
    ]
}

/// Packs what was mutated so that its checksums hold, or now and then do not.
enum Packing {
    static let tarWords = [
        "ustar\u{0}00", "ustar  \u{0}", "11 size=99\n", "30 size=9223372036854775807\n", "12 path=a\n", "././@LongLink",
        "a.tar.gz", "b.zip",
        "c.warc", "d.jsonl", "77777777777\u{0}", "0", "5", "x", "L", "g",
    ]

    /// Puts the right checksum into each block that begins an entry.
    static func tar(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        guard Int.random(in: 0..<8, using: &random) > 0 else { return bytes }
        var bytes = bytes
        for start in stride(from: 0, to: bytes.count - 511, by: 512)
        where bytes[start + 257..<start + 262].elementsEqual("ustar".utf8) {
            bytes.replaceSubrange(start + 148..<start + 156, with: Array("        ".utf8))
            let digits = String(bytes[start..<start + 512].reduce(0) { $0 + Int($1) }, radix: 8)
            let sum = String(repeating: "0", count: max(0, 6 - digits.count)) + digits + "\u{0} "
            bytes.replaceSubrange(start + 148..<start + 156, with: Array(sum.utf8))
        }
        return bytes
    }

    /// In members of any size, as crawlers write a record each.
    static func gzip(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var out: [UInt8] = []
        var rest = bytes[...]
        repeat {
            let part = rest.prefix(Int.random(in: 0...max(1, bytes.count), using: &random))
            rest = rest.dropFirst(part.count)
            out += Gzip.member(part) ?? []
        } while !rest.isEmpty
        if Int.random(in: 0..<8, using: &random) == 0 { out.removeLast(Int.random(in: 0...out.count, using: &random)) }
        return out
    }

    /// In frames of Zstandard whose blocks are not compressed (RFC 8878, section 3.1.1.2.2), between frames to be skipped.
    static func zstd(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var out: [UInt8] = []
        var rest = bytes[...]
        repeat {
            if Int.random(in: 0..<4, using: &random) == 0 { out += [0x50, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 1, 2] }
            // A window of 2 MiB, no checksum, no size.
            out += [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58]
            var isLast = false
            while !isLast {
                let part = rest.prefix(Int.random(in: 0...100_000, using: &random))
                rest = rest.dropFirst(part.count)
                isLast = rest.isEmpty || Int.random(in: 0..<3, using: &random) == 0
                let header = part.count << 3 | (isLast ? 1 : 0)
                out += [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16)] + part
            }
        } while !rest.isEmpty
        return out
    }
}
