import Foundation

/// Writes a file that is there as a whole or not at all.
enum WholeFile {
    /// Writes beside the file and takes its place, so that whoever looks sees a whole one.
    ///
    /// - Parameter body: is called once with what appends bytes to the file.
    static func write<Result>(to path: String, _ body: (@escaping ([UInt8]) throws -> Void) throws -> Result) throws -> Result {
        let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw CommandFault("cannot write \(path): \(String(cString: strerror(errno)))") }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            let result = try body { bytes in
                do {
                    try file.write(contentsOf: Data(bytes))
                } catch {
                    throw CommandFault("cannot write \(path): \(error.localizedDescription)")
                }
            }
            guard rename(temporary, path) == 0 else {
                throw CommandFault("cannot write \(path): \(String(cString: strerror(errno)))")
            }
            return result
        } catch {
            unlink(temporary)
            throw error
        }
    }
}
