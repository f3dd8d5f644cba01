import Glibc
import HeadwaterModel
import HeadwaterPluginKit
import Testing

@testable import HeadwaterFetch

@Suite struct RetrieveTests {
    @Test("a file's bytes come with the stamp that held before and after")
    func whole() throws {
        let work = try WorkFolder()
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try work.write(Array("a".utf8), bytes)
        let fetch = try Fetch(parameters: Parameters([:], declared: Fetch.declaration.parameters))
        let found = try #require(try work.locate(["a"]).first)
        let retrieved = try fetch.retrieve(found)
        #expect(retrieved.bytes == bytes && retrieved.facts.isEmpty)
        #expect(try retrieved.stamp == FileStatus.of(work.absolute("a")).stamp)
        try work.write("empty", "")
        #expect(try FileReading.read(work.absolute("empty")).bytes.isEmpty)
    }

    @Test("a file that changes once while it is read is read again")
    func changedOnce() throws {
        let work = try WorkFolder()
        try work.write("a", "before")
        var attempts = 0
        let read = try FileReading.read(work.absolute("a")) {
            attempts += 1
            if attempts == 1 { try? work.write("a", "after!") }
        }
        #expect(attempts == 2)
        #expect(read.bytes == Array("after!".utf8))
    }

    @Test("a file that changes each time is refused, and the message says so")
    func changesAlways() throws {
        let work = try WorkFolder()
        try work.write("a", "text")
        var attempts = 0
        let error = #expect(throws: StageError.self) {
            try FileReading.read(work.absolute("a")) {
                attempts += 1
                try? work.write("a", String(repeating: "x", count: attempts))
            }
        }
        #expect(attempts == 4)
        #expect(error?.description.contains("changed each of the 4 times it was read") == true)
    }

    @Test("what is gone or no longer a file is refused at once, and nothing waits")
    func gone() throws {
        let work = try WorkFolder()
        SystemFault.withPath(work.absolute("pipe")) { _ = mkfifo($0, 0o666) }
        let pipe = #expect(throws: StageError.self) { try FileReading.read(work.absolute("pipe")) }
        #expect(pipe?.description.contains("is no longer a file") == true)
        let none = #expect(throws: StageError.self) { try FileReading.read(work.absolute("none")) }
        #expect(none?.description.hasSuffix("cannot be read: there is no such file or folder") == true)
        let fetch = try Fetch(parameters: Parameters([:], declared: Fetch.declaration.parameters))
        let stamp = FileStamp(size: 0, modified: 0, changed: 0, inode: 0)
        let found = FoundSource(locator: "none", place: .file(path: work.absolute("none"), stamp: stamp), size: 0)
        let retrieved = #expect(throws: StageError.self) { try fetch.retrieve(found) }
        #expect(retrieved?.parameter == "from" && retrieved?.description.hasSuffix("none' leaves it out") == true)
    }

    @Test("a file too large for memory is refused before it is read")
    func tooLarge() throws {
        let work = try WorkFolder()
        try work.write("a", "x")
        #expect(SystemFault.withPath(work.absolute("a")) { truncate($0, FileReading.maximumSize + 1) } == 0)
        let error = #expect(throws: StageError.self) { try FileReading.read(work.absolute("a")) }
        #expect(error?.description.contains("a source has at most 2147483648") == true)
    }
}
