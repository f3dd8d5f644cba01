import Glibc
import HeadwaterPluginKit

/// Finds the files below one folder that a pattern means, in the order of the bytes of their paths.
struct FolderWalk {
    /// Something that is there and cannot be taken, by its path below the folder where the walk began.
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

    private(set) var hasFound = false
    private(set) var faults: [Fault] = []
    /// Whether the pattern met a file that an exclusion left out.
    private(set) var leftOut = false
    /// The folders from where the walk began to where it is, so that a link back to one of them is seen.
    private var ancestors: [FileStatus.Identity] = []
    /// Where the walk is, and where in it the part below the folder begins in which it began.
    private var path: [UInt8] = []
    private var relativeStart = 0

    init(pattern: PathPattern, exclusions: Exclusions, hidden: Bool, followsLinks: Bool) {
        self.pattern = pattern
        self.exclusions = exclusions
        self.hidden = hidden
        self.followsLinks = followsLinks
    }

    /// What is told of a file: its absolute path, and its stamp.
    typealias Found = (_ path: [UInt8], _ stamp: FileStamp) -> Void

    /// - Parameter folder: an absolute, normalised path.
    mutating func walk(_ folder: [UInt8], _ found: Found) {
        guard let excluded = exclusions.state(at: folder) else { return leftOut = true }
        path = folder
        relativeStart = folder.count
        SystemFault.withPath(folder) { enter($0, in: AT_FDCWD, pattern.start, excluded, found) }
    }

    private mutating func enter(
        _ name: UnsafePointer<CChar>, in parent: Int32, _ state: PathPattern.State, _ excluded: Exclusions.State,
        _ found: Found
    ) {
        do throws(SystemFault) {
            let descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { throw SystemFault(errno) }
            let status: FileStatus
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
            let listing = try FolderListing(stream)
            if ancestors.contains(status.identity) {
                return fault("this link leads back to a folder that holds it; 'links: skip' passes over links")
            }
            guard ancestors.count < FolderWalk.maximumDepth else {
                return fault("folders nest deeper than \(FolderWalk.maximumDepth)")
            }
            ancestors.append(status.identity)
            let count = path.count
            listing.bytes.withUnsafeBytes { packed in
                guard let base = packed.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
                for name in listing.names {
                    let bytes = listing.bytes[name.range]
                    if path.last != PathText.slash { path.append(PathText.slash) }
                    path.append(contentsOf: bytes)
                    visit(bytes, base + name.range.lowerBound, in: descriptor, state, excluded, found)
                    path.removeLast(path.count - count)
                }
            }
            ancestors.removeLast()
        } catch {
            fault(error.reason)
        }
    }

    /// - Parameter text: the same name, as the system wants it.
    private mutating func visit(
        _ name: ArraySlice<UInt8>, _ text: UnsafePointer<CChar>, in folder: Int32, _ state: PathPattern.State,
        _ excluded: Exclusions.State, _ found: Found
    ) {
        let next = pattern.state(state, after: name, hidden: hidden)
        if next.isDead { return }
        guard let excluded = exclusions.state(excluded, after: name) else {
            leftOut = leftOut || pattern.isMatch(next)
            return
        }
        do throws(SystemFault) {
            var status = try FileStatus.of(text, in: folder, followingLink: false)
            if status.kind == .link {
                if !followsLinks { return }
                do throws(SystemFault) {
                    status = try FileStatus.of(text, in: folder)
                } catch {
                    if error.number == ENOENT && !pattern.isMatch(next) { return }
                    return fault(
                        error.number == ENOENT ? "this link leads nowhere; 'links: skip' passes over links" : error.reason)
                }
            }
            switch status.kind {
            case .folder: if pattern.leadsOn(next) { enter(text, in: folder, next, excluded, found) }
            case .file:
                if pattern.isMatch(next) {
                    hasFound = true
                    found(path, status.stamp)
                }
            case .link, .special:
                if pattern.isMatch(next) { fault("it is a socket, pipe or device, and sources are files") }
            }
        } catch {
            // What vanished since the folder was read is not there.
            if error.number != ENOENT { fault(error.reason) }
        }
    }

    /// Notes what is wrong with the place where the walk is.
    private mutating func fault(_ reason: String) {
        faults.append(Fault(path: Array(path[relativeStart...].drop { $0 == PathText.slash }), reason: reason))
    }
}
