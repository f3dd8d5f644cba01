import HeadwaterProcesses
import Testing

@Suite struct ExitTests {
    @Test("an exit status is told as it was", arguments: [0, 1, 7, 127, 255])
    func status(code: Int) throws {
        let child = try ChildProcess.start(Launch(["sh", "-c", "exit \(code)"], in: "/"))
        let exit = try #require(child.wait(for: .seconds(20)))
        #expect(exit.cause == .status(code))
        #expect(exit.isSuccess == (code == 0))
    }
}
