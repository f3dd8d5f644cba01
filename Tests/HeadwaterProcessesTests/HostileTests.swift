import Foundation
import HeadwaterTesting
import Testing

@testable import HeadwaterProcesses

/// Children that mean harm, or behave as if they did. Each bomb here has a fuse: if nothing stops it, it ends up as some
/// hundred processes that sleep, and the machine that it was tried on survives.
@Suite(.serialized) struct HostileTests {
    @Test("a flood on standard error blocks nobody and is kept in part, the rest counted", arguments: Form.possible)
    func flood(form: Form) throws {
        let child = try form.start(["sh", "-c", "echo first >&2; head -c 30000000 /dev/zero | tr '\\0' x >&2; echo last >&2"]) {
            $0.keptLog = 1000
        }
        #expect(try child.finish().exit.isSuccess)
        let log = child.log
        #expect(log.written == 30_000_011)
        #expect(log.start.count == 1000 && log.end.count == 1000)
        #expect(log.leftOut == 30_000_011 - 2000)
        #expect(log.text.hasPrefix("first\nxxx") && log.text.hasSuffix("xxx" + "last\n"))
        #expect(log.text.contains("\n[29998011 bytes left out]\n"))
    }

    @Test("what a child leaves in the background is gone when the child is", arguments: Form.possible)
    func outliving(form: Form) throws {
        let marked = Marked()
        let child = try form.shell("\(marked.command) & \(marked.command) >/dev/null 2>&1 </dev/null & exit 0")
        #expect(try child.finish().exit.cause == .status(0))
        #expect(marked.count == 0)
    }

    @Test("a daemon, twice forked into a session of its own, is found when its child ends", arguments: Form.possible)
    func daemon(form: Form) throws {
        let marked = Marked()
        let daemon = "setsid sh -c 'setsid \(marked.command) >/dev/null 2>&1 </dev/null & setsid \(marked.command) &' &"
        let child = try form.shell("\(daemon) echo started; read line")
        try marked.waitUntilRunning(2)
        #expect(try child.finish().exit.cause == .status(1), "read sees the end of its input")
        #expect(marked.count == 0)
    }

    @Test("a daemon is found when its child is killed", arguments: Form.possible)
    func daemonKilled(form: Form) throws {
        let marked = Marked()
        let child = try form.shell("setsid sh -c 'setsid \(marked.command) & exit' & sleep 1000")
        try marked.waitUntilRunning()
        #expect(child.end().wasEnded)
        #expect(marked.count == 0)
    }

    @Test("a fork bomb is stopped at its limit, and all of it is gone", arguments: Form.possible)
    func forkBomb(form: Form) throws {
        let marked = Marked()
        let child = try form.shell(
            "bomb() { [ $1 = 0 ] || { \(marked.command) & bomb $(($1 - 1)) & bomb $(($1 - 1)) & wait; }; }; bomb 8",
            limits: ProcessLimits(processes: 40))
        let exit = try child.finish().exit
        #expect(exit.breach == .init(limit: .processes, allowed: 40))
        #expect("\(exit)" == "was ended because it went over its limit of 40 processes and threads")
        #expect(marked.count == 0)
    }

    @Test("a fork bomb whose every process has its own session is stopped too", arguments: Form.possible)
    func forkBombOfSessions(form: Form) throws {
        let marked = Marked()
        let bomb = "use POSIX; for (1..5) { my $p = fork; if (defined $p && $p == 0) { setsid; fork } } exec '\(marked.command)'"
        let child = try form.start(["perl", "-e", bomb], limits: ProcessLimits(processes: 40))
        #expect(try child.finish().exit.breach == .init(limit: .processes, allowed: 40))
        #expect(marked.count == 0)
    }

    @Test(
        "a fork bomb of an ordinary user is stopped too, who has no right to a higher priority and whom the kernel's own limit binds",
        .enabled(if: getuid() == 0 && Program.find("setpriv", path: Launch.standardPath) != nil, "needs root, and setpriv"))
    func forkBombOfNobody() throws {
        let marked = Marked()
        let bomb = "bomb() { [ $1 = 0 ] || { \(marked.command) & bomb $(($1 - 1)) & bomb $(($1 - 1)) & wait; }; }; id -u; bomb 8"
        let child = try Form.open.start(
            ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "sh", "-c", bomb],
            limits: ProcessLimits(processes: 40))
        let (output, exit) = try child.finish()
        #expect(output == "65534\n")
        #expect(exit.breach == .init(limit: .processes, allowed: 40))
        #expect(marked.count == 0)
    }

    @Test("a process that takes more memory than allowed is refused it", arguments: Form.possible)
    func memory(form: Form) throws {
        let child = try form.start(
            ["perl", "-e", "my $x = 'a' x (400 << 20); print length $x"], limits: ProcessLimits(memory: 100 << 20))
        let (output, exit) = try child.finish()
        #expect(output.isEmpty)
        #expect(!exit.isSuccess)
    }

    @Test("processes that take too much together are ended, with the limit named", arguments: Form.possible)
    func memoryTogether(form: Form) throws {
        let hog = "perl -e 'my $x = \"a\" x (40 << 20); sleep 1000'"
        let child = try form.shell("for i in 1 2 3 4 5; do \(hog) & done; wait", limits: ProcessLimits(memory: 150 << 20))
        #expect(try child.finish().exit.breach == .init(limit: .memory, allowed: 150 << 20))
    }

    @Test("files in memory have a limit too", .enabled(if: Form.possible.contains(.sandboxed)), arguments: ["/tmp", "/dev/shm"])
    func memoryFiles(folder: String) throws {
        let child = try Form.sandboxed.shell(
            "head -c 50000000 /dev/zero > \(folder)/big", limits: ProcessLimits(memory: 20 << 20))
        #expect(try child.finish().exit.cause == .status(1))
        #expect(child.log.text.contains("No space left on device"))
    }

    @Test("no more files can be open than allowed", arguments: Form.possible)
    func openFiles(form: Form) throws {
        let script = "my @open; while (open my $f, '<', '/dev/null') { push @open, $f } print scalar(@open), ' ', $!"
        let child = try form.start(["perl", "-e", script], limits: ProcessLimits(openFiles: 40))
        #expect(try child.finish().output == "37 Too many open files")
    }

    @Test("processor time is limited, and the limit named", arguments: Form.possible)
    func processorTime(form: Form) throws {
        let exit = try form.shell("while :; do :; done", limits: ProcessLimits(processorSeconds: 1)).finish().exit
        #expect(exit.breach == .init(limit: .processorSeconds, allowed: 1))
    }

    @Test("a file cannot grow beyond its limit", arguments: Form.possible)
    func fileSize(form: Form) throws {
        let folder = try TemporaryFolder()
        let child = try form.shell(
            "exec head -c 10000000 /dev/zero > big", in: folder.path, limits: ProcessLimits(fileSize: 1 << 20))
        #expect(try child.finish().exit.breach == .init(limit: .fileSize, allowed: 1 << 20))
        #expect(try FileManager.default.attributesOfItem(atPath: folder.path + "/big")[.size] as? Int == 1 << 20)
    }

    @Test("a child that closes its output early is still waited for", arguments: Form.possible)
    func closedOutput(form: Form) throws {
        let child = try form.shell("exec >&-; read line; exit 6")
        var waited = pollfd(fd: try #require(child.output).descriptor, events: Int16(POLLIN), revents: 0)
        // Bubblewrap, which waits outside, holds its own copy until the end.
        if form == .open { #expect(poll(&waited, 1, 60_000) == 1) }
        #expect(child.exit == nil)
        child.input?.close()
        #expect(child.wait(for: .seconds(60))?.cause == .status(6))
    }

    @Test(
        "writing to a child that reads no more is an error or not possible now, but neither our end nor endless",
        arguments: Form.possible)
    func closedInput(form: Form) throws {
        let child = try form.shell("exec <&-; echo closed; sleep 1000")
        var waited = pollfd(fd: try #require(child.output).descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&waited, 1, 60_000) == 1)
        let input = try #require(child.input).descriptor
        let bytes = [UInt8](repeating: 0, count: 1 << 20)
        while write(input, bytes, bytes.count) > 0 {}
        #expect(errno == (form == .open ? EPIPE : EAGAIN))
        #expect(child.end().wasEnded)
    }

    @Test("a child stopped by itself is ended all the same", arguments: Form.possible)
    func stopped(form: Form) throws {
        let child = try form.shell("kill -STOP $$")
        #expect(child.wait(for: .milliseconds(50)) == nil)
        #expect(child.end(grace: .milliseconds(50)).wasEnded)
    }
}
