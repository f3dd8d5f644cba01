import Foundation
import HeadwaterTesting
import Testing

@testable import HeadwaterProcesses

private let works = Form.possible.contains(.sandboxed)

@Suite struct SandboxTests {
    @Test("where there is no bubblewrap, a sandbox that is preferred says so, and one that is required says what to install")
    func missing() {
        let none = Sandbox.tried(on: "/no/such/folder")
        #expect("\(none)" == "none: bwrap is not installed; on Debian: apt-get install bubblewrap")
        #expect(
            "\(LaunchError.noSandbox("bwrap is not installed; on Debian: apt-get install bubblewrap"))"
                == "a sandbox is required, and there is none: bwrap is not installed; on Debian: apt-get install bubblewrap")
    }

    @Test("a bubblewrap that is there and does not work is not believed")
    func broken() throws {
        let folder = try TemporaryFolder()
        try folder.write("bwrap", "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
        chmod(folder.path + "/bwrap", 0o755)
        #expect(
            "\(Sandbox.tried(on: folder.path))"
                == "none: \(folder.path)/bwrap does not work here: bwrap: No permissions to create new namespace")
    }

    @Test("a sandbox that is not asked for is none") func off() throws {
        #expect("\(try Sandbox.choose(.off))" == "none: not asked for")
        #expect(try Form.open.shell("true").sandbox == .none(reason: "not asked for"))
    }

    @Test("only what is named can be read", .enabled(if: works, "bubblewrap does not work here"))
    func reading() throws {
        let (shown, hidden) = (try TemporaryFolder(), try TemporaryFolder())
        try shown.write("told", "told")
        try hidden.write("secret", "secret")
        let script =
            "cat \(shown.path)/told; cat \(hidden.path)/secret; ls /root /home /var/lib /etc/shadow /work; ls /proc | grep -c '^[0-9]'"
        let child = try Form.sandboxed.start(["sh", "-c", script]) { $0.sandbox.readable = [.init(shown.path)] }
        let (output, exit) = try child.finish()
        #expect(output == "told4\n", "the first process inside, the shell, ls and grep")
        #expect(exit.isSuccess)
        for path in ["\(hidden.path)/secret", "/root", "/home", "/var/lib", "/etc/shadow", "/work"] {
            #expect(
                child.log.text.contains("'\(path)': No such file") || child.log.text.contains("\(path): No such file"), "\(path)")
        }
    }

    @Test("outside a sandbox everything that its user may read can be read")
    func openReading() throws {
        let hidden = try TemporaryFolder()
        try hidden.write("secret", "secret")
        #expect(try Form.open.shell("cat \(hidden.path)/secret").finish().output == "secret")
    }

    @Test("what is only readable cannot be changed, by no means", .enabled(if: works, "bubblewrap does not work here"))
    func writing() throws {
        let (shown, work) = (try TemporaryFolder(), try TemporaryFolder())
        try shown.write("told", "as it was")
        let script =
            "echo changed > \(shown.path)/told; chmod 777 \(shown.path)/told; rm -f \(shown.path)/told; ln \(shown.path)/told linked;"
            + "mount -o remount,rw \(shown.path); touch /usr/new /new /etc/new /dev/new; echo mine > kept; echo x > /tmp/x && cat /tmp/x"
        let child = try Form.sandboxed.start(["sh", "-c", script], in: work.path) { $0.sandbox.readable = [.init(shown.path)] }
        #expect(try child.finish().output == "x\n")
        #expect(try shown.read("told") == "as it was")
        #expect(try work.read("kept") == "mine\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: work.path) == ["kept"])
        #expect(!FileManager.default.fileExists(atPath: "/tmp/x"), "its temporary folder is its own")
        for path in ["/usr/new", "/new", "/etc/new", "/dev/new"] { #expect(child.log.text.contains("'\(path)'"), "\(path)") }
    }

    @Test("a folder can be seen under another name", .enabled(if: works, "bubblewrap does not work here"))
    func renamed() throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "here")
        let child = try Form.sandboxed.start(["sh", "-c", "pwd; cat file"], in: folder.path) {
            $0.sandbox.writable = [.init(folder.path, inside: "/work")]
        }
        #expect(try child.finish().output == "/work\nhere")
    }

    @Test(
        "there is no network unless it is allowed", .enabled(if: works, "bubblewrap does not work here"),
        arguments: [false, true])
    func network(allowed: Bool) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                #expect(bind(listener, $0, size) == 0 && listen(listener, 5) == 0 && getsockname(listener, $0, &size) == 0)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        let script =
            "use Socket; socket(S, PF_INET, SOCK_STREAM, 0) or die; print connect(S, sockaddr_in(\(port), INADDR_LOOPBACK)) ? 'in' : 'out'"
        let child = try Form.sandboxed.start(["perl", "-e", script]) { $0.sandbox.network = allowed }
        #expect(try child.finish().output == (allowed ? "in" : "out"))
    }

    @Test(
        "a program that the sandbox does not show is an error before it starts",
        .enabled(if: works, "bubblewrap does not work here"))
    func programOutside() throws {
        let folder = try TemporaryFolder()
        try folder.write("tool", "#!/bin/sh\necho works\n")
        chmod(folder.path + "/tool", 0o755)
        #expect(throws: LaunchError.outsideSandbox(folder.path + "/tool")) { try Form.sandboxed.start([folder.path + "/tool"]) }
        let child = try Form.sandboxed.start([folder.path + "/tool"]) { $0.sandbox.readable = [.init(folder.path)] }
        #expect(try child.finish().output == "works\n")
    }

    @Test("inside there are no capabilities, though the engine be root", .enabled(if: works, "bubblewrap does not work here"))
    func capabilities() throws {
        #expect(try Form.sandboxed.shell("grep CapEff /proc/self/status").finish().output == "CapEff:\t0000000000000000\n")
    }
}
