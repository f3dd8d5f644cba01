import Glibc
import HeadwaterModel

/// Reads the bytes of a pipeline file, or says what is wrong with the file as a file.
enum PipelineFile {
    /// Far more than anybody writes by hand.
    static let mostBytes = 1 << 20

    static func read(_ path: String, workingDirectory: String) throws(PipelineFaults) -> [UInt8] {
        let place = PathText.absolute(path, from: workingDirectory)
        if path.isEmpty || path.utf8.contains(0) { throw fault(path, "this is no path", expected: "the path of a pipeline file") }
        // Without O_NONBLOCK, opening a pipe would wait for somebody to write to it.
        let descriptor = open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code = errno
            if code == ENOENT || code == ENOTDIR {
                throw fault(
                    path, "there is no such file", expected: "the path of a pipeline file",
                    suggestion: neighbour(of: path, at: place))
            }
            throw fault(
                path, "the file cannot be opened: \(String(cString: strerror(code)))", expected: "a file that you may read")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw fault(path, "this is not a file", expected: "the path of a pipeline file, not of a folder or device")
        }
        return try contents(of: descriptor, path)
    }

    private static func contents(of descriptor: Int32, _ path: String) throws(PipelineFaults) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= mostBytes {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw fault(
                    path, "the file cannot be read: \(String(cString: strerror(errno)))", expected: "a file on a working disk")
            }
            bytes.append(contentsOf: buffer[..<count])
        }
        return bytes
    }

    /// The fault of a file that is too large, if it is.
    static func check(_ bytes: [UInt8], path: String) throws(PipelineFaults) {
        guard bytes.count > mostBytes else { return }
        throw fault(
            path, "the file is larger than \(mostBytes >> 20) MiB",
            expected: "a pipeline file; texts to be worked on are named under \"with\"")
    }

    /// The pipeline file in the same folder whose name is nearest, as the user would write its path.
    private static func neighbour(of path: String, at place: String) -> String? {
        guard let folder = opendir(PathText.folder(of: place)) else { return nil }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
                    String(cString: $0)
                }
            }
            if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { names.append(name) }
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let last = parts.last, let nearest = NearestName.of(String(last), among: names.sorted()) else { return nil }
        return (parts.dropLast().map(String.init) + [nearest]).joined(separator: "/")
    }

    private static func fault(_ path: String, _ message: String, expected: String, suggestion: String? = nil) -> PipelineFaults {
        PipelineFaults([
            Diagnostic(position: SourcePosition(file: path), message: message, expected: expected, suggestion: suggestion)
        ])
    }
}
