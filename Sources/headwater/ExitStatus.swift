import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

/// What the process tells its caller. Thrown by a command that has said all there is to say.
enum ExitStatus: Int32, Error {
    case done = 0
    /// A stage failed or a check found something.
    case failed = 1
    /// The command line or the pipeline file is at fault.
    case usage = 2
    case damaged = 3
    case interrupted = 130
}

/// How an error of the libraries is told to a person, and with which status.
enum Failure {
    static func message(of error: any Error) -> (text: String, status: ExitStatus)? {
        switch error {
        case let error as StoreError: ("\(error)", Damage.isMeant(by: error) ? .damaged : .failed)
        case let error as ReferenceError: ("\(error)", .usage)
        case let error as ExportError: ("\(error)", .usage)
        case let error as RunFailure: (error.stage.isEmpty ? error.message : "stage \(error.stage): \(error.message)", .usage)
        case let error as RecordError: ("\(error)", .damaged)
        case let error as RecordProof.Fault: ("\(error)", .damaged)
        case let error as DocumentError: ("\(error)", .damaged)
        case let error as JSONError: ("a stored document is not readable: \(error)", .damaged)
        case let error as ErasureFault: ("\(error)", .failed)
        case let error as CommandFault: (error.description, .usage)
        case let error as SystemRefusal: (error.description, .failed)
        case let error as RebuildFault: (error.description, .failed)
        default: nil
        }
    }
}

/// Something about what the user asked for that cannot be done.
struct CommandFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Something that the system does not let a command do.
struct SystemRefusal: Error, CustomStringConvertible {
    let description: String

    /// - Parameter what: what could not be done, with the file or folder.
    init(_ what: String, _ error: any Error) {
        var current: NSError? = error as NSError
        var reason = error.localizedDescription
        // What the system says, where Foundation has wrapped it.
        while let inner = current {
            if inner.domain == NSPOSIXErrorDomain { reason = String(cString: strerror(Int32(truncatingIfNeeded: inner.code))) }
            current = inner.userInfo[NSUnderlyingErrorKey] as? NSError
        }
        description = "\(what): \(reason)"
    }
}
