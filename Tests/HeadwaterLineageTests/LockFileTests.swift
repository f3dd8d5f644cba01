import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterLineage

@Suite("A lock file") struct LockFileTests {
    private static let digest = Digest(of: [1]).description
    private static func sample() -> LockFile {
        LockFile([
            .init(.pipeline, ["brief"], digest), .init(.parameter, ["corpus"], "\"a b\""), .init(.parameter, ["depth"], "3"),
            .init(.plugin, ["fetch", "2"], "built-in"), .init(.plugin, ["other", "1"], digest),
            .init(.library, ["fetch", "uchardet"], "\"0.0.7\""), .init(.environment, ["WORD"], "\"x\\\\\\\"y\""),
            .init(.source, ["fetch", "a page \"x\".html"], digest),
            .init(.source, ["fetch", "http://h/"], "missed {\"reason\":\"it is gone\"}"),
            .init(.include, [], digest), .init(.artifact, ["fetch"], digest), .init(.part, ["fetch", "a\nb"], digest),
            .init(.published, ["brief", "../out/brief.md"], digest),
        ])
    }

    @Test("is read as it was written, whatever names are in it")
    func roundTrip() throws {
        let lock = LockFileTests.sample()
        #expect(try LockFile(bytes: lock.bytes) == lock)
        #expect(lock.parameters == ["corpus": "a b", "depth": 3])
        #expect(lock.environment == ["WORD": "x\\\"y"])
        let rows = lock.bytes.split(separator: UInt8(ascii: "\n"))
        #expect(rows.count == lock.lines.count + 2, "one thing a line")
    }

    @Test("is the same whatever order its lines come in")
    func sorted() {
        var random = SplitMix(seed: 3)
        let lock = LockFileTests.sample()
        for _ in 0..<20 { #expect(LockFile(lock.lines.shuffled(using: &random)).bytes == lock.bytes) }
    }

    @Test("with any byte changed, taken out or put in is refused, with a line that it has", arguments: 0..<3)
    func damage(way: Int) throws {
        let bytes = LockFileTests.sample().bytes
        let lineCount = bytes.count { $0 == UInt8(ascii: "\n") }
        for index in bytes.indices {
            var damaged = bytes
            switch way {
            case 0: damaged[index] ^= 1
            case 1: damaged.remove(at: index)
            default: damaged.insert(UInt8(ascii: "7"), at: index)
            }
            do {
                _ = try LockFile(bytes: damaged)
                Issue.record("byte \(index) of \(bytes.count)")
            } catch {
                #expect((1...lineCount + 2).contains(error.line) && !error.expected.isEmpty)
            }
        }
        for length in 0..<bytes.count { #expect(throws: LockFile.Fault.self) { try LockFile(bytes: Array(bytes[..<length])) } }
    }

    @Test(
        "says which line is wrong, and what was expected",
        arguments: [
            ("headwater lock 2\n", 1, "\"headwater lock 1\""), ("", 1, "\"headwater lock 1\""),
            ("headwater lock 1\nsauce \"a\" \"b\" x\n", 2, "one of pipeline, include"),
            ("headwater lock 1\nartifact \"a\" sha256:12\n", 2, "artifact \"stage\" sha256:…"),
            ("headwater lock 1\nartifact \"a sha256:12\n", 2, "artifact \"stage\" sha256:…"),
            ("headwater lock 1\nparameter \"b\" 1\nparameter \"a\" 1\nend x\n", 3, "lines in the order of their kinds"),
            ("headwater lock 1\nparameter \"a\" 1\npipeline \"p\" \(digest)\nend x\n", 3, "lines in the order of their kinds"),
            ("headwater lock 1\nparameter  \"a\" 1\nend x\n", 2, "parameter \"name\" value"),
            ("headwater lock 1\nparameter \"a\" 1\n", 3, "a last line \"end sha256:…\""),
            ("headwater lock 1\nparameter \"a\" 1\nend \(digest)\n", 3, "for what stands there; write the file anew"),
        ])
    func faults(text: String, line: Int, expected: String) {
        do {
            _ = try LockFile(bytes: Array(text.utf8))
            Issue.record("\(text)")
        } catch {
            #expect(error.line == line)
            #expect(error.expected.contains(expected), "\(error)")
        }
    }
}
