import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// Plugins that hang, flood, lie and multiply: the task fails with the plugin's name and what it did, everything else goes on,
/// and nothing of it is left.
@Suite struct HostilePluginTests {
    /// What each behaviour is told of, in the message.
    /// Memory is refused by the kernel, which Python tells itself, or the plugin is ended for it.
    static let refusals: [(behaviour: String, said: String)] = [
        ("hangs", "said nothing for longer than its limit of 2000 ms"),
        ("works-for-ever", "said nothing for longer than its limit of 2000 ms"),
        ("says-it-goes-on-for-ever", "took longer than its limit of 6000 ms"),
        ("floods-standard-output", "wrote more than its limit of 20000000 bytes for one task"),
        ("floods-standard-error", "flooded"),
        ("stops-within-a-line", "exited with status 0 before the task was done, in the middle of a line"),
        ("writes-no-utf8", "wrote what is no JSON: the string is not valid UTF-8"),
        ("writes-no-json", "in the line that begins \"Traceback: print() where it does not belong\""),
        ("says-what-nobody-knows", "type: there is no message \"emits\"; expected hello, emit, pass"),
        ("speaks-of-another-task", "task: it speaks of task 2 while it has task 1"),
        ("names-another-record", "record: 0123456789ab is no record of this task's input"),
        ("cuts-outside-the-text", "text[0].slice: bytes 210 to 220 are not all in the text of record"),
        ("cuts-with-numbers-too-large", "are not all in the text of record"),
        ("cuts-with-negative-numbers", "text[0].slice: expected [start, length] in bytes, neither of them negative"),
        ("cuts-a-character", "lies inside a character; slices are counted in bytes (emitted record 0 of the task)"),
        ("emits-another-kind", "kind: its manifest says that it emits passage, not \"verdict\" (emitted record 0 of the task)"),
        ("cites-a-byte-twice", "cites.word: the slices at bytes 0 and 4 of record"),
        ("writes-a-gigabyte-as-one-line", "wrote a line longer than its limit of 1048576 bytes"),
        ("multiplies", "20 processes"),
        ("takes-all-memory", "emory"),
        // Bubblewrap holds a copy of the descriptor, so that there the silence is what is seen.
        ("closes-its-output", Workspace.hasSandbox ? "said nothing for longer than its limit" : "closed its standard output"),
        ("exits-too-soon", "exited with status 0 before the task was done"),
        ("crashes", "about to crash"),
        ("opens-too-many-files", "Too many open files"),
    ]

    @Test("what a plugin does wrong fails its task alone, and is told", arguments: refusals)
    func refused(behaviour: String, said: String) throws {
        let workspace = try workspace(behaviour)
        let run = try workspace.run("run", "hostile.yaml", "--keep-going", "--json")
        #expect(run.status == 1)
        let failures = try #require(run.json.last?["failures"]?.array)
        #expect(failures.count == 1)
        let message = failures.first?["message"]?.string ?? ""
        #expect(failures.first?["stage"]?.string == "bad")
        #expect(message.contains(said), "\(message)")
        // The rest went on, and is sound.
        let stages = run.json.last?["stages"]?.array ?? []
        #expect(stages.first { $0["name"]?.string == "good" }?["artifact"]?.string?.hasPrefix("sha256:") == true)
        #expect(try workspace.run("fsck").status == 0)
        #expect(try workspace.run("verify", "hostile").status == 0)
    }

    @Test("a plugin that goes on after it is done, or leaves children, is stopped without harm")
    func afterwards() throws {
        for behaviour in ["leaves-children-behind", "goes-on-when-done"] {
            let workspace = try workspace(behaviour)
            let run = try workspace.run("run", "hostile.yaml", "--keep-going")
            #expect(run.status == (behaviour == "leaves-children-behind" ? 0 : 1), "\(behaviour): \(run.errors)")
        }
    }

    @Test("no process of a plugin outlives its run")
    func nothingIsLeft() throws {
        for behaviour in ["hangs", "leaves-children-behind", "multiplies"] {
            let workspace = try workspace(behaviour)
            _ = try workspace.run("run", "hostile.yaml", "--keep-going")
            let left = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { entry in
                guard Int(entry) != nil,
                    let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(entry)/cwd")
                else { return false }
                return folder.hasPrefix(workspace.path)
            }
            #expect(left.isEmpty, "\(behaviour) left \(left)")
        }
    }

    @Test(
        "what is not asked for is out of reach in a sandbox", .enabled(if: Workspace.hasSandbox, "bubblewrap does not work here"))
    func confined() throws {
        let listener = try #require(Listener())
        for behaviour in ["reads-outside-its-folder", "opens-a-socket", "writes-into-its-folder"] {
            let workspace = try workspace(behaviour, port: listener.port)
            let run = try workspace.run("run", "hostile.yaml", "--keep-going")
            #expect(run.status == 1, "\(behaviour): \(run.errors)")
            #expect(run.errors.contains("Error"), "\(behaviour): \(run.errors)")
            #expect(!FileManager.default.fileExists(atPath: workspace.path + "/Plugins/hostile/left-behind"))
        }
    }

    @Test("a run says which sandbox its plugins got; one that is required and not to be had is a failure that says what to do")
    func sandboxIsNamed() throws {
        let workspace = try workspace("leaves-children-behind")
        try #require(try workspace.run("run", "hostile.yaml").status == 0)
        let shown = try workspace.run("show", "hostile/bad").output
        #expect(shown.contains(Workspace.hasSandbox ? "bubblewrap" : "none: "), "\(shown)")
        let manifest = try String(decoding: workspace.read("Plugins/hostile/plugin.yaml"), as: UTF8.self)
        try workspace.write(manifest + "sandbox: required\n", to: "Plugins/hostile/plugin.yaml")
        let without = try workspace.run("run", "hostile.yaml", environment: ["PATH": try workspace.pathWithoutSandbox()])
        #expect(without.status == 1)
        #expect(without.errors.contains("apt-get install bubblewrap"), "\(without.errors)")
    }

    @Test("a plugin that gives other bytes each time is reported, unless its manifest says so itself", arguments: [true, false])
    func notDeterministic(promises: Bool) throws {
        let workspace = try workspace("counts-the-clock")
        if !promises {
            let manifest = String(decoding: try workspace.read("Plugins/hostile/plugin.yaml"), as: UTF8.self)
            try workspace.write(manifest + "deterministic: false\n", to: "Plugins/hostile/plugin.yaml")
        }
        try #require(try workspace.run("run", "hostile.yaml", "--quiet").status == 0)
        let again = try workspace.run("run", "hostile.yaml", "--force", "bad", "--json")
        #expect(again.json.last?["contradictions"]?.array?.count == (promises ? 1 : 0), "\(again.output)")
        #expect(again.errors.contains("does not give the same bytes twice") == promises)
    }

    private func workspace(_ behaviour: String, port: Int = 0) throws -> Workspace {
        let workspace = try Workspace()
        try workspace.copy(Workspace.repository + "/Tests/ScenarioTests/Plugins/hostile", to: "Plugins/hostile")
        try workspace.write("Not for plugins.", to: "secret.txt")
        for page in 0..<3 {
            try workspace.write(
                "Ferry \(page) sails again\n\nThe ferry to Öland sails again after three weeks, said the harbour master of Brannavik on "
                    + "Monday. \"The ice is gone,\" she said. Tickets cost 45 euros for a car and its driver, and 12 euros on foot. "
                    + "Ferry number \(page).", to: "pages/\(page).txt")
        }
        try workspace.write(
            """
            headwater: 1
            name: hostile
            stages:
              fetch: {with: {from: [pages]}}
              clean: {needs: fetch}
              good: {plugin: extract, needs: clean}
              bad: {plugin: hostile, needs: clean, with: {behaviour: \(behaviour), outside: "\(workspace.path)/secret.txt", port: \(port)}}
            """, to: "hostile.yaml")
        return workspace
    }
}

/// Somebody who listens on a port of this machine, for as long as the value is held.
private final class Listener {
    private let descriptor: Int32
    let port: Int

    init?() {
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        descriptor = made
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(made, $0, size) == 0 && listen(made, 8) == 0 && getsockname(made, $0, &size) == 0
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        guard made >= 0, isBound else { return nil }
    }

    deinit { close(descriptor) }
}
