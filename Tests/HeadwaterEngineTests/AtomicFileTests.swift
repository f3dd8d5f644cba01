import Dispatch
import Foundation
import Glibc
import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterEngine

/// Files that are there whole or not at all.
@Suite struct AtomicFileTests {
    private let bytes = Array("whole".utf8)

    private func write(_ path: String) throws {
        try AtomicFile.write(to: path, digest: Digest(of: bytes)) { try $0(bytes) }
    }

    private func leftover(_ folder: TemporaryFolder) -> String {
        folder(".headwater-" + Digest(of: Array("out.md".utf8)).hex.prefix(16))
    }

    private func names(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
    }

    @Test("What a killed process left is removed by the next who writes the file, even if there is nothing to write")
    func leftovers() throws {
        let folder = try TemporaryFolder()
        for _ in 0..<2 {
            try Data("left".utf8).write(to: URL(fileURLWithPath: leftover(folder)))
            try write(folder("out.md"))
            #expect(try names(folder) == ["out.md"])
            #expect(FileManager.default.contents(atPath: folder("out.md")).map(Array.init) == bytes)
        }
    }

    @Test("A file that another process is about to give its name is left to it, and waited for")
    func locked() throws {
        let folder = try TemporaryFolder()
        let path = leftover(folder)
        try Data("theirs".utf8).write(to: URL(fileURLWithPath: path))
        let theirs = open(path, O_RDONLY | O_CLOEXEC)
        try #require(flock(theirs, LOCK_EX | LOCK_NB) == 0)
        let target = folder("out.md")
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(50)) {
            rename(path, target)
            close(theirs)
        }
        try write(target)
        #expect(try names(folder) == ["out.md"])
        #expect(FileManager.default.contents(atPath: target).map(Array.init) == bytes)
    }

    @Test("Of many who write one file at once each finds it whole in the end, and nothing beside it")
    func many() throws {
        let folder = try TemporaryFolder()
        DispatchQueue.concurrentPerform(iterations: 16) { number in
            let own = Array(repeating: UInt8(number), count: 5000)
            #expect(throws: Never.self) {
                try AtomicFile.write(to: folder("out.md"), digest: Digest(of: own)) { try $0(own) }
            }
        }
        #expect(try names(folder) == ["out.md"])
        let found = try #require(FileManager.default.contents(atPath: folder("out.md")))
        #expect(found.count == 5000 && Set(found).count == 1)
    }
}
