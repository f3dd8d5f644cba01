import Foundation

/// Where results and messages go: results to standard output, everything else to standard error.
enum Console {
    static func line(_ text: String = "") { write(text + "\n", to: .standardOutput) }

    static func bytes(_ bytes: [UInt8]) { put(Data(bytes), to: .standardOutput) }

    /// A message as it is, on standard error.
    static func plain(_ text: String, end: String = "\n") { write(text + end, to: .standardError) }

    static func error(_ text: String) { plain(Style.standardError.bold("error: ") + text) }

    static func warning(_ text: String) { plain(Style.standardError.bold("warning: ") + text) }

    private static func write(_ text: String, to handle: FileHandle) { put(Data(text.utf8), to: handle) }

    /// A reader that went away (`| head`) ends the command quietly.
    private static func put(_ data: Data, to handle: FileHandle) {
        do { try handle.write(contentsOf: data) } catch { Foundation.exit(ExitStatus.done.rawValue) }
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

    /// The environment's word counts, then whether somebody is looking: https://no-color.org and CLICOLOR_FORCE.
    private static func isWanted(on descriptor: Int32) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        if let choice = CommandLine.arguments.firstIndex(of: "--color"), CommandLine.arguments.indices.contains(choice + 1) {
            switch CommandLine.arguments[choice + 1] {
            case "always": return true
            case "never": return false
            default: break
            }
        }
        if let off = environment["NO_COLOR"], !off.isEmpty { return false }
        return isatty(descriptor) == 1 && environment["TERM"] != "dumb"
    }
}
