import Glibc

/// The file system and the namespaces that a child in bubblewrap sees, as arguments of `bwrap` (see `man 1 bwrap`).
struct BubblewrapView {
    let launch: Launch
    /// Whether something lies at this path; told apart from the file system so that a test can say what a system has.
    var status: (String) -> (isFolder: Bool, link: String?)? = BubblewrapView.status

    /// Where a system keeps its programs and libraries. Where `/usr` is merged the others are links into it.
    static let programs = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix/store"]
    /// What programs read of `/etc` to start at all: the loader, Debian's choice between programs of one name, names of
    /// users, certificates, and the settings of interpreters. Nothing that tells one machine's time zone from another's.
    static let settings = [
        "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "passwd", "group", "nsswitch.conf", "locale.alias",
        "mime.types",
        "magic", "ssl/certs", "ssl/openssl.cnf", "pki", "ca-certificates", "fonts", "python3", "python3.11", "perl", "java",
    ]
    static let networkSettings = ["resolv.conf", "hosts", "host.conf", "gai.conf", "services", "protocols"]

    var arguments: [String] {
        let request = launch.sandbox
        var arguments = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "headwater"]
        if request.network { arguments.append("--share-net") }
        for path in BubblewrapView.programs {
            switch status(path) {
            case (_, let link?)?: arguments += ["--symlink", link, path]
            case (true, nil)?: arguments += ["--ro-bind", path, path]
            default: continue
            }
        }
        for name in BubblewrapView.settings + (request.network ? BubblewrapView.networkSettings : []) {
            arguments += ["--ro-bind-try", "/etc/\(name)", "/etc/\(name)"]
        }
        arguments += ["--proc", "/proc", "--dev", "/dev"]
        // Files in memory count for nobody's resident memory, so they get a size of their own.
        let size = launch.limits.memory.map { ["--size", String($0)] } ?? []
        arguments += size + ["--tmpfs", "/dev/shm"] + size + ["--tmpfs", "/tmp"] + ["--symlink", "/tmp", "/var/tmp"]
        let views = request.readable.map { ("--ro-bind", $0) } + request.writable.map { ("--bind", $0) }
        // What is mounted later covers what was before, so the inner ones come last.
        let depths = views.enumerated().map { (depth: $1.1.inside.utf8.count { $0 == UInt8(ascii: "/") }, number: $0) }
        for (_, number) in depths.sorted(by: <) { arguments += [views[number].0, views[number].1.path, views[number].1.inside] }
        arguments += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", request.inside(launch.workingFolder)]
        for (name, value) in launch.wholeEnvironment.sorted(by: { $0.key < $1.key }) { arguments += ["--setenv", name, value] }
        return arguments
    }

    /// Whether the child sees what lies at this path outside.
    func shows(_ path: String) -> Bool {
        let shown =
            BubblewrapView.programs + ["/etc/alternatives"] + (launch.sandbox.readable + launch.sandbox.writable).map(\.path)
        return shown.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    static func status(_ path: String) -> (isFolder: Bool, link: String?)? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == S_IFLNK else { return (status.st_mode & S_IFMT == S_IFDIR, nil) }
        var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = readlink(path, &target, target.count - 1)
        return length > 0 ? (false, String(decoding: target[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)) : nil
    }
}
