import Glibc
import HeadwaterPluginKit

/// Finds the files below one folder that a pattern means, name by name in the order of their bytes.
struct FolderWalk {
    /// A file that was found: its path below the folder where the walk began.
    struct Find {
        var relative: [UInt8]
        var stamp: FileStamp
    }

    /// Something that is there and cannot be taken.
    struct Fault {
        var path: [UInt8]
        var reason: String
    }

    /// Deeper folders are refused: each level holds a file descriptor open, of which a process has about a thousand.
    static let maximumDepth = 256

    let pattern: PathPattern
    let exclusions: Exclusions
    let hidden: Bool
    let followsLinks: Bool

    private(set) var finds: [Find] = []
    private(set) var faults: [Fault] = []
    /// Whether the pattern met a file that an exclusion left out.
    private(set) var leftOut = false
    /// The folders from where the walk began to where it is, so that a link back to one of them is seen.
    private var ancestors: [FileStatus.Identity] = []

    init(pattern: PathPattern, exclusions: Exclusions, hidden: Bool, followsLinks: Bool) {
        self.pattern = pattern
        self.exclusions = exclusions
        self.hidden = hidden
        self.followsLinks = followsLinks
    }

    /// - Parameter folder: an absolute, normalised path.
    mutating func walk(_ folder: [UInt8]) {
        guard let excluded = exclusions.state(at: folder) else { return leftOut = true }
        enter(folder, in: AT_FDCWD, [], pattern.start, excluded)
    }

    private mutating func enter(
        _ name: [UInt8], in parent: Int32, _ relative: [UInt8], _ state: PathPattern.State, _ excluded: Exclusions.State
    ) {
        do throws(SystemFault) {
            let descriptor = SystemFault.withPath(name) { openat(parent, $0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
            guard descriptor >= 0 else { throw SystemFault(errno) }
            let status: FileStatus
            let names: [[UInt8]]
            do throws(SystemFault) {
                status = try FileStatus.of(descriptor: descriptor)
            } catch {
                close(descriptor)
                throw error
            }
            guard let stream = fdopendir(descriptor) else {
                let fault = SystemFault(errno)
                close(descriptor)
                throw fault
            }
            defer { closedir(stream) }
            names = try FolderWalk.names(stream)
            if ancestors.contains(status.identity) {
                return fault(relative, "this link leads back to a folder that holds it; 'links: skip' passes over links")
            }
            guard ancestors.count < FolderWalk.maximumDepth else {
                return fault(relative, "folders nest deeper than \(FolderWalk.maximumDepth)")
            }
            ancestors.append(status.identity)
            for name in names { visit(name, in: descriptor, relative, state, excluded) }
            ancestors.removeLast()
        } catch {
            fault(relative, error.reason)
        }
    }

    private mutating func visit(
        _ name: [UInt8], in folder: Int32, _ parent: [UInt8], _ state: PathPattern.State, _ excluded: Exclusions.State
    ) {
        let next = pattern.state(state, after: name, hidden: hidden)
        if next.isDead { return }
        guard let excluded = exclusions.state(excluded, after: name) else {
            leftOut = leftOut || pattern.isMatch(next)
            return
        }
        let relative = PathText.joined(parent, name)
        do throws(SystemFault) {
            var status = try FileStatus.of(name, in: folder, followingLink: false)
            if status.kind == .link {
                if !followsLinks { return }
                do throws(SystemFault) {
                    status = try FileStatus.of(name, in: folder)
                } catch {
                    if error.number == ENOENT && !pattern.isMatch(next) { return }
                    return fault(
                        relative,
                        error.number == ENOENT ? "this link leads nowhere; 'links: skip' passes over links" : error.reason)
                }
            }
            switch status.kind {
            case .folder: if pattern.leadsOn(next) { enter(name, in: folder, relative, next, excluded) }
            case .file: if pattern.isMatch(next) { finds.append(Find(relative: relative, stamp: status.stamp)) }
            case .link, .special:
                if pattern.isMatch(next) { fault(relative, "it is a socket, pipe or device, and sources are files") }
            }
        } catch {
            // What vanished since the folder was read is not there.
            if error.number != ENOENT { fault(relative, error.reason) }
        }
    }

    private mutating func fault(_ path: [UInt8], _ reason: String) { faults.append(Fault(path: path, reason: reason)) }

    private static func names(_ stream: OpaquePointer) throws(SystemFault) -> [[UInt8]] {
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw SystemFault(errno) }
                return names.sorted { $0.lexicographicallyPrecedes($1) }
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                let text = UnsafeRawPointer(pointer)
                return Array(UnsafeRawBufferPointer(start: text, count: strlen(text.assumingMemoryBound(to: CChar.self))))
            }
            if name != Array(".".utf8) && name != Array("..".utf8) { names.append(name) }
        }
    }
}
