import Foundation
import HeadwaterTesting

@testable import HeadwaterStore

/// A disk on which steps are taken that power may cut off: knows what is durable, and what may be there besides.
///
/// The model is what POSIX promises, which is less than file systems keep: of a file, what was synced and any of the
/// later writes, whole or in part; of a folder, the names as they were when it was synced and any of the later changes.
/// A rename is never half lost: the old name goes only when the new one is there.
struct CrashState {
    /// Which of the steps that were not made durable took effect.
    enum Cut: CaseIterable { case none, some, all }

    private enum Change { case write(at: Int, [UInt8]), truncate(Int) }
    private struct Content {
        var durable: [UInt8] = []
        var later: [Change] = []
    }
    private enum Node { case folder, file(Int) }
    private struct NameChange {
        var path: String
        /// Nil when the name is removed.
        var node: Node?
        /// Of a removal that belongs to a rename, the new path.
        var needs: String?
    }

    private let base: String
    private var contents: [Content] = []
    private var durable: [String: Node] = [:]
    private var later: [NameChange] = []
    /// Where the running program sees which content.
    private var current: [String: Int] = [:]

    /// A disk that holds what lies under `base` now, all of it durable.
    init(_ base: String) throws {
        self.base = base
        for case let name as String in FileManager.default.enumerator(atPath: base) ?? .init() {
            let path = base + "/" + name
            if Disk().isFolder(path) {
                durable[path] = .folder
            } else {
                contents.append(Content(durable: try read(path)))
                durable[path] = .file(contents.count - 1)
                current[path] = contents.count - 1
            }
        }
    }

    mutating func take(_ step: Disk.Step) {
        switch step {
        case .open: break
        case .create(let path):
            contents.append(Content())
            current[path] = contents.count - 1
            later.append(NameChange(path: path, node: .file(contents.count - 1)))
        case .write(let path, let offset, let bytes):
            if let file = current[path] { contents[file].later.append(.write(at: offset, bytes)) }
        case .truncate(let path, let size):
            if let file = current[path] { contents[file].later.append(.truncate(size)) }
        case .sync(let path):
            guard let file = current[path] else { break }
            for change in contents[file].later { CrashState.apply(change, &contents[file].durable) }
            contents[file].later = []
        case .makeFolder(let path): later.append(NameChange(path: path, node: .folder))
        case .rename(let old, let new):
            guard let file = current.removeValue(forKey: old) else { break }
            current[new] = file
            later.append(NameChange(path: new, node: .file(file)))
            later.append(NameChange(path: old, node: nil, needs: new))
        case .remove(let path):
            if current.removeValue(forKey: path) != nil { later.append(NameChange(path: path, node: nil)) }
        case .syncFolder(let folder):
            let renamed = Set(later.filter { Disk.parent($0.path) == folder }.compactMap(\.needs))
            later.removeAll { change in
                guard Disk.parent(change.path) == folder || renamed.contains(change.path) else { return false }
                durable[change.path] = change.node
                return true
            }
        }
    }

    /// Makes the files that are found after the power was cut off, in an empty folder.
    func leave(_ cut: Cut, in folder: String, _ generator: inout SplitMix) throws {
        var names = durable
        var lost: Set<String> = []
        for change in later {
            let isLost = cut == .none || (cut == .some && Bool.random(using: &generator))
            if isLost || change.needs.map(lost.contains) == true {
                lost.insert(change.path)
            } else {
                lost.remove(change.path)
                names[change.path] = change.node
            }
        }
        for (path, node) in names.sorted(by: { $0.key < $1.key }) {
            var above = Disk.parent(path)
            while above != base, case .folder? = names[above] { above = Disk.parent(above) }
            guard above == base else { continue }
            let place = folder + path.dropFirst(base.count)
            switch node {
            case .folder: try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            case .file(let number):
                try FileManager.default.createDirectory(atPath: Disk.parent(place), withIntermediateDirectories: true)
                try write(content(contents[number], cut, &generator), place)
            }
        }
    }

    private func content(_ content: Content, _ cut: Cut, _ generator: inout SplitMix) -> [UInt8] {
        var bytes = content.durable
        for change in content.later {
            switch cut {
            case .none: break
            case .all: CrashState.apply(change, &bytes)
            case .some:
                guard Bool.random(using: &generator) else { continue }
                if case .write(let offset, let written) = change, Bool.random(using: &generator) {
                    // Disks write whole sectors.
                    let border = Int.random(in: 0...(offset + written.count) / 512, using: &generator) * 512
                    let part = max(0, min(written.count, border - offset))
                    CrashState.apply(.write(at: offset, Array(written[..<part])), &bytes)
                } else {
                    CrashState.apply(change, &bytes)
                }
            }
        }
        return bytes
    }

    private static func apply(_ change: Change, _ bytes: inout [UInt8]) {
        switch change {
        case .write(let offset, let written):
            if bytes.count < offset + written.count {
                bytes += [UInt8](repeating: 0, count: offset + written.count - bytes.count)
            }
            bytes.replaceSubrange(offset..<offset + written.count, with: written)
        case .truncate(let size):
            bytes = Array(bytes.prefix(size)) + [UInt8](repeating: 0, count: max(0, size - bytes.count))
        }
    }
}
