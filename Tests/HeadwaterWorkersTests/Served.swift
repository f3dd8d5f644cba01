import Foundation
import HeadwaterPluginKit

/// A stage of this process, served over pipes as it would be in a process of its own.
enum Served {
    /// What it says to these lines, the hello among them.
    static func answers(of stage: any Stage.Type, to lines: [UInt8]) throws -> [PluginMessage] {
        try output(of: stage, to: lines).split(separator: 0x0A).map { try PluginMessage(line: Array($0)) }
    }

    static func output(of stage: any Stage.Type, to lines: [UInt8]) throws -> [UInt8] {
        let questions = Pipe()
        let answers = Pipe()
        let (input, output) = (questions.fileHandleForReading, answers.fileHandleForWriting)
        let writing = Thread {
            try? questions.fileHandleForWriting.write(contentsOf: Data(lines))
            try? questions.fileHandleForWriting.close()
        }
        writing.start()
        let failure = Failure()
        let serving = Thread {
            do {
                try PluginServer.serve(stage, input: input.fileDescriptor, output: output.fileDescriptor)
            } catch {
                failure.keep("\(error)")
            }
            try? output.close()
        }
        serving.start()
        let said = try answers.fileHandleForReading.readToEnd() ?? Data()
        if let problem = failure.problem { throw StageError(problem) }
        return Array(said)
    }

    private final class Failure: @unchecked Sendable {  // written before the pipe is closed, read after its end
        private(set) var problem: String?
        func keep(_ problem: String) { self.problem = problem }
    }
}
