import Foundation
import Testing

@testable import HeadwaterProcesses

@Suite struct ExitTests {
    @Test("an exit status is told as it was", arguments: Form.possible, [0, 1, 7, 127])
    func status(form: Form, code: Int) throws {
        let exit = try form.shell("exit \(code)").finish().exit
        #expect(exit.cause == .status(code))
        #expect(exit.isSuccess == (code == 0))
        #expect(!exit.wasEnded)
        #expect("\(exit)" == "exited with status \(code)")
    }

    @Test("a signal is told by number and name", arguments: Form.possible, [("SEGV", 11), ("KILL", 9), ("ABRT", 6)])
    func signal(form: Form, signal: (name: String, number: Int)) throws {
        let exit = try form.shell("kill -\(signal.name) $$").finish().exit
        #expect(exit.cause == .signal(signal.number))
        #expect("\(exit)" == "was ended by signal \(signal.number) (SIG\(signal.name))")
    }

    @Test("a child that hangs is ended, and says that we did it", arguments: Form.possible)
    func hang(form: Form) throws {
        let child = try form.shell("sleep 1000")
        #expect(child.wait(for: .milliseconds(50)) == nil)
        let exit = child.end()
        #expect(exit.wasEnded)
        #expect(exit.cause == .signal(9))
        #expect(child.end() == exit, "ending twice tells the same")
    }

    @Test("within the grace a child may end in its own way", arguments: Form.possible)
    func grace(form: Form) throws {
        let child = try form.shell("trap 'exit 5' TERM; echo ready; while :; do sleep 0.01; done")
        try waitForOutput(of: child)
        #expect(child.end(grace: .seconds(30)).cause == .status(5))
    }

    @Test("after the grace it is killed whether it likes it or not", arguments: Form.possible)
    func graceOver(form: Form) throws {
        let child = try form.shell("trap '' TERM; echo ready; while :; do sleep 0.01; done")
        try waitForOutput(of: child)
        #expect(child.end(grace: .milliseconds(100)).cause == .signal(9))
    }

    @Test("a child that nobody holds any more is ended", arguments: Form.possible)
    func forgotten(form: Form) throws {
        let marked = Marked()
        var child: ChildProcess? = try form.shell(marked.command)
        try marked.waitUntilRunning()
        #expect(child != nil)
        child = nil
        var waits = 0
        while marked.count > 0 && waits < 2000 {
            usleep(5000)
            waits += 1
        }
        #expect(marked.count == 0)
    }

    @Test("an end that is waited for by callback is told once", arguments: Form.possible)
    func callback(form: Form) async throws {
        let child = try form.shell("exit 3")
        let exit = await withCheckedContinuation { waiting in child.whenEnded { waiting.resume(returning: $0) } }
        #expect(exit.cause == .status(3))
    }

    @Test("a hundred at once all answer, and leave neither a zombie nor a descriptor", arguments: Form.possible)
    func hundred(form: Form) async throws {
        let before = descriptors()
        let processes = try await withThrowingTaskGroup(of: pid_t.self) { group in
            for index in 0..<100 {
                group.addTask {
                    let child = try form.shell("read line; echo \"$line $line\"; echo noise >&2; exit 4")
                    let line = Array("number \(index)\n".utf8)
                    #expect(write(try #require(child.input).descriptor, line, line.count) == line.count)
                    let (output, exit) = try child.finish()
                    #expect(output == "number \(index) number \(index)\n")
                    #expect(exit.cause == .status(4))
                    #expect(child.log.text == "noise\n")
                    return child.processID
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(processes).count == 100)
        for process in processes { #expect(kill(process, 0) == -1 && errno == ESRCH, "\(process) is still there") }
        // Other tests run beside this one and have descriptors of their own.
        #expect(descriptors() < before + 50)
    }

    private func descriptors() -> Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0 }

    private func waitForOutput(of child: ChildProcess) throws {
        var waited = pollfd(fd: try #require(child.output).descriptor, events: Int16(POLLIN), revents: 0)
        try #require(poll(&waited, 1, 60_000) == 1)
    }
}
