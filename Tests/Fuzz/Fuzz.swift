import Foundation
import Glibc

/// Feeds damaged and hostile input to whatever reads bytes from outside, in processes of their own: one that crashes, takes
/// too long or too much memory, or breaks a law of what it reads, is a find. It is kept, made smaller, and the rest goes on.
@main
struct Fuzz {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            switch words.first {
            case "work": try Worker(words.dropFirst()).work()
            case "try": try Worker.tryOne(words.dropFirst())
            case "hostile": try HostileInput.run(words.dropFirst())
            default: exit(try Campaign(Campaign.Options(words)).run() ? 0 : 1)
            }
        } catch {
            say("fuzz: \(error)")
            exit(2)
        }
    }

    /// Prints at once, also where nobody looks until the end.
    static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    /// What is wrong with how the program was called, or with the machine.
    struct Failure: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    /// A law that does not hold.
    struct Broken: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    /// Where the project lies, from where this file does.
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The files of a folder of the project, by name; none where there is no such folder.
    static func files(_ folder: String) -> [(name: String, bytes: [UInt8])] {
        let path = repository + "/" + folder
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted().compactMap { name in
            FileManager.default.contents(atPath: path + "/" + name).map { (name, Array($0)) }
        }
    }
}
