import Glibc
import HeadwaterModel
import HeadwaterPluginKit
import Testing

@testable import HeadwaterFetch

/// A folder of its own for one test, removed with all it holds when the test is over. Paths are bytes.
final class WorkFolder {
    let path: [UInt8]

    init() throws {
        var template = Array("/tmp/headwater-fetch-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = template.dropLast().map { UInt8(bitPattern: $0) }
    }

    deinit { WorkFolder.remove(path) }

    func absolute(_ relative: [UInt8]) -> [UInt8] { path + [0x2F] + relative }
    func absolute(_ relative: String) -> [UInt8] { absolute(Array(relative.utf8)) }

    /// Writes a file, and the folders that hold it.
    func write(_ relative: String, _ text: String = "text") throws { try write(Array(relative.utf8), Array(text.utf8)) }

    func write(_ relative: [UInt8], _ bytes: [UInt8]) throws {
        let parts = relative.split(separator: 0x2F)
        for count in parts.indices.dropFirst() {
            SystemFault.withPath(absolute(Array(parts[..<count].joined(separator: [0x2F])))) { _ = mkdir($0, 0o777) }
        }
        let file = SystemFault.withPath(absolute(relative)) { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) }
        try #require(file >= 0)
        defer { close(file) }
        #expect(bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) } == bytes.count)
    }

    func link(_ relative: String, to target: String) throws {
        try #require(SystemFault.withPath(absolute(relative)) { symlink(target, $0) } == 0)
    }

    /// What fetch finds when this folder is where paths count from.
    func locate(_ from: [String], hidden: Bool = false, links: String = "follow") throws -> [FoundSource] {
        let fetch = try Fetch(
            parameters: Parameters(["hidden": .bool(hidden), "links": .string(links)], declared: Fetch.declaration.parameters))
        let base = String(decoding: path, as: UTF8.self)
        return try fetch.sources(Places(["from": from.map { Places.Place(text: $0, base: base) }]))
    }

    func locators(_ from: String..., hidden: Bool = false, links: String = "follow") throws -> [String] {
        try locate(from, hidden: hidden, links: links).map(\.locator)
    }

    func fault(_ from: String..., hidden: Bool = false, links: String = "follow") -> StageError? {
        do {
            _ = try locate(from, hidden: hidden, links: links)
            return nil
        } catch {
            return error as? StageError
        }
    }

    private static func remove(_ path: [UInt8]) {
        guard let status = try? FileStatus.of(path, followingLink: false) else { return }
        guard status.kind == .folder else { return SystemFault.withPath(path) { _ = unlink($0) } }
        guard let stream = SystemFault.withPath(path, { opendir($0) }) else { return }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                let text = UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self)
                names.append(
                    Array(
                        UnsafeBufferPointer(
                            start: text, count: strlen(UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self)))))
            }
        }
        closedir(stream)
        for name in names where name != Array(".".utf8) && name != Array("..".utf8) { remove(path + [0x2F] + name) }
        SystemFault.withPath(path) { _ = rmdir($0) }
    }
}

extension Fetch {
    /// All that it finds.
    func sources(_ places: Places) throws -> [FoundSource] {
        var sources: [FoundSource] = []
        try locate(places).forEach { sources.append($0) }
        return sources
    }
}
