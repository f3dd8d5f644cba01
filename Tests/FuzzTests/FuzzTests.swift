import Foundation
import HeadwaterTesting
import Testing

/// A few seconds of what `make fuzz` does for hours.
@Suite struct FuzzTests {
    /// What the program says, and how it ends.
    private func fuzz(_ words: [String]) throws -> (said: String, status: Int32) {
        // As the package builds it, beside the tests themselves.
        let tests = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).resolvingSymlinksInPath()
        let process = Process()
        process.executableURL = tests.deletingLastPathComponent().appendingPathComponent("fuzz")
        process.arguments = words
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (said, process.terminationStatus)
    }

    @Test("What was found before, what is good input, and mutations of it break no law, crash nothing and end in time")
    func short() throws {
        let folder = try TemporaryFolder()
        let (said, status) = try fuzz(["--seconds", "10", "--turn", "0.5", "--found", folder("found")])
        print("fuzz: \(said)")
        #expect(status == 0, "\(said)")
        #expect(said.contains(", no finds"))
    }

    @Test("Pages that are made to exhaust a reader are read in little time, memory and stack")
    func hostile() throws {
        let (said, status) = try fuzz(["hostile", "--small"])
        #expect(status == 0, "\(said)")
        #expect(said.contains("bold: ") && said.contains("MB at most"), "\(said)")
    }

    @Test("A crash, a broken law and a hang are each found and made smaller", arguments: ["crash", "law", "time"])
    func finds(kind: String) throws {
        let folder = try TemporaryFolder()
        let (said, status) = try fuzz(
            ["--seconds", "1", "--turn", "1", "--seed", "1", "--subject", "self-test-\(kind)", "--found", folder("found")])
        #expect(status == 1 && said.contains("self-test-\(kind): \(kind): "), "\(said)")
        let smallest = FileManager.default.contents(atPath: folder("found/self-test-\(kind)-1.min"))
        #expect(smallest == Data("!".utf8), "\(said)")
    }
}
