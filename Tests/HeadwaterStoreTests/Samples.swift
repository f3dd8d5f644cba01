import Foundation
import Glibc
import HeadwaterModel
import HeadwaterTesting

@testable import HeadwaterStore

/// Bytes that do not compress.
func noise(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SplitMix(seed: seed)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count { withUnsafeBytes(of: generator.next().littleEndian) { bytes.append(contentsOf: $0) } }
    return Array(bytes.prefix(count))
}

/// Bytes that compress well.
func prose(_ count: Int, seed: Int = 0) -> [UInt8] {
    let line = Array("The river \(seed) rose by a hand's breadth in the night. ".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + line.count)
    while bytes.count < count { bytes += line }
    return Array(bytes.prefix(count))
}

func task(_ number: Int, _ value: String = "") -> Binding {
    Binding(kind: .task, key: "task-\(number)", value: Digest(of: Array("result \(number) \(value)".utf8)))
}

/// Whether these are the same bytes; comparing arrays takes long where nothing is optimised.
func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count, !a.isEmpty else { return a.count == b.count }
    return memcmp(a, b, a.count) == 0
}

/// A sealed pack's path; there must be exactly one.
func onlyPack(_ folder: TemporaryFolder) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("packs"))
    guard names.count == 1 else { throw CocoaError(.fileReadUnknown) }
    return folder("packs/" + names[0])
}

/// The files under the store's folder, by path relative to it, with what they hold.
func snapshot(_ folder: TemporaryFolder, _ part: String = "") throws -> [String: Data] {
    var files: [String: Data] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: folder(part)) ?? .init() {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: folder(part) + "/" + name, isDirectory: &isFolder)
        if !isFolder.boolValue { files[name] = try Data(contentsOf: URL(fileURLWithPath: folder(part) + "/" + name)) }
    }
    return files
}

/// What lies in `tmp/` besides the leases of open stores.
func packsBeingWritten(_ folder: TemporaryFolder) throws -> [[UInt8]] {
    try snapshot(folder, "tmp").filter { $0.key.hasSuffix(".pack") }.map { Array($0.value) }
}

func write(_ bytes: [UInt8], _ path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
func read(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

/// The kind of the store's error that `body` throws; nil if it throws none.
func kind(_ body: () throws -> Void) -> StoreError.Kind? {
    do {
        try body()
        return nil
    } catch let error as StoreError {
        return error.kind
    } catch {
        return .system(-1)
    }
}
