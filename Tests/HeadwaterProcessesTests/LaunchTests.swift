import Foundation
import HeadwaterTesting
import Testing

@testable import HeadwaterProcesses

@Suite struct LaunchTests {
    @Test("a child has the environment it is given, and nothing of ours", arguments: Form.possible)
    func environment(form: Form) throws {
        setenv("HEADWATER_TEST_SECRET", "inherited", 1)
        let folder = try TemporaryFolder()
        let child = try form.start(
            ["env"], in: folder.path, environment: ["LANG": "C.UTF-8", "EMPTY": "", "TWO": "lines\nof = text"])
        let output = try child.finish().output
        #expect(
            output.split(separator: "\n").sorted()
                == [
                    "EMPTY=", "LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin", "PWD=\(folder.path)", "TWO=lines", "of = text",
                ])
    }

    @Test("variables for the child do not steer the sandbox itself")
    func loaderVariables() throws {
        guard Form.possible.contains(.sandboxed) else { return }
        let child = try Form.sandboxed.start(["env"], environment: ["BWRAP_TEST": "1", "LD_PRELOAD": "/nowhere.so"])
        let (output, exit) = try child.finish()
        #expect(exit.isSuccess)
        #expect(output.contains("LD_PRELOAD=/nowhere.so"))
        // The loader complains for each program that it loads: for `env`, which is inside, and not for `bwrap`.
        #expect(child.log.text.components(separatedBy: "nowhere.so").count - 1 == 1)
    }

    @Test("a child has no descriptor but its three streams, whatever is open here", arguments: Form.possible)
    func descriptors(form: Form) throws {
        // These would be inherited: they are not to be closed when a program starts.
        let leaky = (0..<20).map { _ in open("/dev/null", O_RDONLY) }
        defer { for descriptor in leaky { close(descriptor) } }
        let output = try form.shell("exec ls /proc/self/fd").finish().output
        // The last is the folder that `ls` reads.
        #expect(output == "0\n1\n2\n3\n")
    }

    @Test("signals that are ignored here are at their defaults in a child", arguments: Form.possible)
    func signals(form: Form) throws {
        let output = try form.shell("sed -nE 's/^Sig(Ign|Blk):\t//p' /proc/self/status").finish().output
        // The C library keeps signals 32 and 33 to itself; what they are at is not ours to change.
        let masks = output.split(separator: "\n").map { (UInt64($0, radix: 16) ?? .max) & ~0x1_8000_0000 }
        #expect(masks == [0, 0])
    }

    @Test("a child cannot gain privileges", arguments: Form.possible)
    func privileges(form: Form) throws {
        #expect(try form.shell("grep NoNewPrivs /proc/self/status").finish().output == "NoNewPrivs:\t1\n")
    }

    @Test("standard streams can be files, and what is written must not exist", arguments: Form.possible)
    func files(form: Form) throws {
        let folder = try TemporaryFolder()
        try folder.write("in", "what comes in\n")
        let streams: (inout Launch) -> Void = {
            $0.standardInput = .file(folder.path + "/in")
            $0.standardOutput = .file(folder.path + "/out")
        }
        let child = try form.start(["cat"], in: folder.path, change: streams)
        #expect(child.input == nil && child.output == nil)
        #expect(child.wait(for: .seconds(30))?.isSuccess == true)
        #expect(try folder.read("out") == "what comes in\n")
        #expect(throws: LaunchError.self) { try form.start(["cat"], in: folder.path, change: streams) }
    }

    @Test("a command that cannot start says why", arguments: Form.possible)
    func cannotStart(form: Form) throws {
        #expect(throws: LaunchError.noArguments) { try form.start([]) }
        #expect(throws: LaunchError.noProgram("no-such-program", path: Launch.standardPath)) {
            try form.start(["no-such-program"])
        }
        #expect(throws: LaunchError.noProgram("/etc/passwd", path: Launch.standardPath)) { try form.start(["/etc/passwd"]) }
        #expect(throws: LaunchError.nulByte(in: "an argument of the command")) { try form.start(["echo", "a\0b"]) }
        #expect(throws: LaunchError.nulByte(in: "the variable A")) { try form.start(["echo"], environment: ["A": "b\0"]) }
    }

    @Test("a working folder that is not there is an error that names it")
    func noFolder() {
        let error = #expect(throws: LaunchError.self) { try Form.open.start(["true"], in: "/no/such/folder") }
        #expect(error.map { "\($0)" } == "cannot enter the folder /no/such/folder: No such file or directory")
    }

    @Test("a file that is no program for this machine is an error that names it")
    func noFormat() throws {
        let folder = try TemporaryFolder()
        try folder.write("script", "no first line that names an interpreter\n")
        chmod(folder.path + "/script", 0o755)
        let error = #expect(throws: LaunchError.self) { try Form.open.start(["./script"], in: folder.path) }
        #expect(error.map { "\($0)" } == "cannot run \(folder.path)/./script: Exec format error")
    }
}
