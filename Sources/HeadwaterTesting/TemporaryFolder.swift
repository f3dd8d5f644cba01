import Foundation

/// An empty folder for one test, removed with all it holds when the last reference goes.
public final class TemporaryFolder: Sendable {
    public let path: String

    /// - Parameter inMemory: in a file system without a disk, where there is one: for tests that write small files
    ///   thousands of times and would otherwise wait for the disk each time.
    public init(inMemory: Bool = false) throws {
        let memory = "/dev/shm"
        let parent =
            inMemory && FileManager.default.isWritableFile(atPath: memory)
            ? URL(fileURLWithPath: memory) : FileManager.default.temporaryDirectory
        let url = parent.appendingPathComponent("headwater-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path
    }

    /// The path of something in the folder.
    public func callAsFunction(_ name: String) -> String { path + "/" + name }

    deinit {
        // What a test made unwritable would otherwise stay behind.
        let manager = FileManager.default
        for case let name as String in manager.enumerator(atPath: path) ?? .init() {
            let item = path + "/" + name
            let isFolder = (try? manager.attributesOfItem(atPath: item)[.type] as? FileAttributeType) == .typeDirectory
            if isFolder { try? manager.setAttributes([.posixPermissions: 0o700], ofItemAtPath: item) }
        }
        try? manager.removeItem(atPath: path)
    }
}
