import ArgumentParser
import CMalloc
import Foundation
import HeadwaterLineage
import HeadwaterModel

/// The command line. Each command has a file of its own and no logic but showing what the libraries answer.
@main
struct Headwater: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "headwater",
        abstract: "Pipelines over other people's text, with proof of where every byte came from.",
        discussion: """
            A pipeline is declared in YAML. Its stages run where their inputs changed; what they make is kept by digest, with \
            lineage back to the original files.

            EXAMPLES:
              headwater init saved-pages                 write a pipeline for your pages
              headwater run pipelines/quickstart.yaml    run it
              headwater explain quickstart               see why each task was carried out
              headwater records summarize                look at what came out
              headwater trace 'summarize#1'              see where a sentence came from
              headwater verify --all                     prove every byte of it

            EXIT STATUS:
              0    done
              1    a stage failed, or a check found something
              2    the command line or the pipeline file is at fault
              3    the store is damaged
              130  interrupted
            """,
        version: ProgramVersion.text,
        subcommands: [
            Init.self, Lint.self, PlanCommand.self, RunCommand.self, Explain.self, Log.self, Show.self, Records.self,
            ReportCommand.self, TraceCommand.self, ImpactCommand.self, FindCommand.self, QueryCommand.self, DiffCommand.self,
            GraphCommand.self, ExportCommand.self, Verify.self, RebuildCommand.self, RebuildWorker.self, PluginCommand.self,
            SchemaCommand.self, Status.self, Fsck.self, TagCommand.self, NoteCommand.self, Collect.self, DiskUsage.self,
            ArchiveCommand.self, Erase.self,
        ])

    static func main() {
        // A reader that goes away is an error of the next write, which knows what to do about it.
        signal(SIGPIPE, SIG_IGN)
        // What a large page took is given back to the system. Left to itself, the C library keeps blocks of up to 32 MB from the
        // first one on that was let go of (mallopt(3), "dynamic mmap threshold"): a third of the memory in use.
        mallopt(M_MMAP_THRESHOLD, 1 << 20)
        do {
            var command = try parseAsRoot()
            try command.run()
            try StoreOptions.sayWhatWasMet()
        } catch let status as ExitStatus {
            Foundation.exit(status.rawValue)
        } catch {
            if let message = Failure.message(of: error) {
                Console.error(VisibleText.lines(of: message.text))
                Foundation.exit(message.status.rawValue)
            }
            switch exitCode(for: error) {
            // The parser's own: help and version that were asked for, or a usage fault.
            case .success:
                Console.line(fullMessage(for: error))
                Foundation.exit(ExitStatus.done.rawValue)
            case .validationFailure:
                Console.plain(fullMessage(for: error))
                Foundation.exit(ExitStatus.usage.rawValue)
            default:
                Console.error("\(error)")
                Foundation.exit(ExitStatus.failed.rawValue)
            }
        }
    }
}
