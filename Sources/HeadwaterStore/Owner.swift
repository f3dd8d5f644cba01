import Glibc

/// The process that writes a file under `tmp/`, as the file's name tells: `<host>.<process>.<start>.<number>.<what>`.
struct Owner: Hashable, Sendable {
    /// The host's name; every byte but ASCII letters, digits and `-` is written `%` and two hex digits.
    var host: String
    var process: Int32
    /// When the process started, in clock ticks since the host did (proc(5), `starttime`); 0 where it cannot be told.
    var start: UInt64

    static let current = Owner(host: hostName(), process: getpid(), start: state(of: getpid())?.start ?? 0)

    private init(host: String, process: Int32, start: UInt64) {
        self.host = host
        self.process = process
        self.start = start
    }

    /// Nil if no owner gave a file this name.
    init?(fileName: String) {
        let parts = fileName.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 5, !parts[0].isEmpty, let process = Int32(parts[1]), process > 0, let start = UInt64(parts[2]),
            UInt64(parts[3]) != nil, !parts[4].isEmpty
        else { return nil }
        self.init(host: String(parts[0]), process: process, start: start)
    }

    /// The number in the name of an owner's file: what was begun later has a higher one. 0 if no owner gave that name.
    static func number(fileName: String) -> UInt64 {
        let parts = fileName.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 5 ? UInt64(parts[3]) ?? 0 : 0
    }

    /// The name of this owner's file with this number.
    func fileName(_ number: Int, _ what: String) -> String { "\(host).\(process).\(start).\(number).\(what)" }

    /// Whether the process certainly runs no more. Of another host's processes nothing is certain.
    var isGone: Bool {
        guard host == Owner.current.host else { return false }
        if let state = Owner.state(of: process) {
            return state.isDead || (start != 0 && state.start != start)
        }
        return kill(process, 0) != 0 && errno == ESRCH
    }

    /// What the system says of a process; nil if it says nothing.
    private static func state(of process: Int32) -> (start: UInt64, isDead: Bool)? {
        guard let file = try? File(ifExists: "/proc/\(process)/stat", .read, on: Disk()),
            let bytes = try? file.read(at: 0, count: 4096),
            // The second field is the program's name in parentheses, which may hold spaces and parentheses itself.
            let name = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = bytes[(name + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, let start = UInt64(String(decoding: fields[19], as: UTF8.self)) else { return nil }
        let isDead = fields[0].first == UInt8(ascii: "Z") || fields[0].first == UInt8(ascii: "X")
        return (start, isDead)
    }

    private static func hostName() -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "localhost" }
        let bytes = withUnsafeBytes(of: name.nodename) { Array($0.prefix { $0 != 0 }) }
        var out = ""
        for byte in bytes {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || byte == UInt8(ascii: "-"))
            out += isPlain ? String(scalar) : "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        return out.isEmpty ? "localhost" : out
    }
}
