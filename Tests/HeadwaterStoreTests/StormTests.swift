import Foundation
import HeadwaterTesting
import Testing

/// Real processes that write and collect one store and are killed.
@Suite struct StormTests {
    @Test("Writers and a collector that are killed at any moment lose nothing that was committed")
    func short() throws {
        let folder = try TemporaryFolder(inMemory: true)
        // As the package builds it, beside the tests themselves.
        let tests = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).resolvingSymlinksInPath()
        let process = Process()
        process.executableURL = tests.deletingLastPathComponent().appendingPathComponent("storm")
        process.arguments = ["--kills", "25", "--writers", "4", "--longest", "300", "--folder", folder("storm")]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        print("storm: \(said)")
        #expect(process.terminationStatus == 0, "\(said)")
        #expect(said.contains("no failure"))
    }
}
