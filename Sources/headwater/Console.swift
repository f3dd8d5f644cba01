import Foundation
import Synchronization

/// Where results and messages go: results to standard output, everything else to standard error.
enum Console {
    static func line(_ text: String = "") { result(Array((text + "\n").utf8)) }

    static func bytes(_ bytes: [UInt8]) { result(bytes) }

    /// A message as it is, on standard error.
    static func plain(_ text: String, end: String = "\n") { message(text + end) }

    static func error(_ text: String) { plain(Style.standardError.bold("error: ") + text) }

    static func warning(_ text: String) { plain(Style.standardError.bold("warning: ") + text) }

    /// A message that nobody can be given is lost; the work it is about goes on.
    private static func message(_ text: String) { _ = write(Array(text.utf8), to: STDERR_FILENO) }

    /// A reader that went away (`| head`) ends the command quietly; a result that cannot be delivered for any other
    /// reason, such as a full disk, is a failure.
    private static func result(_ bytes: [UInt8]) {
        switch write(bytes, to: STDOUT_FILENO) {
        case 0: return
        case EPIPE: Foundation.exit(ExitStatus.done.rawValue)
        case let number:
            error("standard output cannot be written: \(String(cString: strerror(number))); the result is not complete")
            Foundation.exit(ExitStatus.failed.rawValue)
        }
    }

    /// Writes all of it, and gives the system's error number where it cannot; 0 where it can.
    ///
    /// With SIGPIPE ignored, as `Headwater.main` has it, a pipe without a reader is an error number like any other.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { raw in
            var rest = raw[...]
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    // Somebody who shares the terminal or pipe made it non-blocking.
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&wait, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }
}

/// Colour and weight, where they are wanted.
struct Style: Sendable {
    let isOn: Bool

    static let standardOutput = Style(isOn: Style.isWanted(on: STDOUT_FILENO))
    static let standardError = Style(isOn: Style.isWanted(on: STDERR_FILENO))

    func bold(_ text: String) -> String { isOn ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    func faint(_ text: String) -> String { isOn ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
    func marked(_ text: String) -> String { isOn ? "\u{1B}[7m\(text)\u{1B}[0m" : text }

    private static let choice = Mutex(ColorChoice.auto)

    /// What `--color` says. It is parsed before anything is shown.
    static func choose(_ color: ColorChoice) { choice.withLock { $0 = color } }

    /// The option counts, then the environment's word (https://no-color.org), then whether somebody is looking.
    private static func isWanted(on descriptor: Int32) -> Bool {
        switch choice.withLock({ $0 }) {
        case .always: return true
        case .never: return false
        case .auto: break
        }
        let environment = ProcessInfo.processInfo.environment
        if let off = environment["NO_COLOR"], !off.isEmpty { return false }
        return isatty(descriptor) == 1 && environment["TERM"] != "dumb"
    }
}
