import Glibc
import HeadwaterPluginKit

/// Which element of `from` means a file, told from its path alone: the file need not be there.
struct Coverage {
    let places: [Places.Place]
    let hidden: Bool

    /// The first element that would find the file; nil if none would, or if an exclusion leaves it out.
    ///
    /// - Parameter path: absolute. It is compared as it is written, and with the links in it and in the elements resolved.
    func element(finding path: [UInt8]) -> Int? {
        let path = PathText.normalized(path)
        let entries = places.map { place in
            (entry: try? Entry(Array(place.text.utf8)), base: Array(place.base.utf8))
        }
        let excluded = entries.compactMap { place -> (text: [UInt8], base: [UInt8])? in
            guard case .exclusion(let text) = place.entry else { return nil }
            return (text, place.base)
        }
        // A pattern that cannot be read is `locate`'s to report.
        if Exclusions(excluded, fault: { _, _ in }).state(at: path) == nil { return nil }
        return entries.firstIndex { place in place.entry.map { finds(path, $0, base: place.base) } ?? false }
    }

    private func finds(_ path: [UInt8], _ entry: Entry, base: [UInt8]) -> Bool {
        switch entry {
        case .url, .remoteList, .exclusion: return false
        case .path(let written):
            let place = PathText.resolved(written, from: base)
            return place == path || Coverage.real(place) == Coverage.real(path) || finds(path, below: place, .everything)
        case .glob(let folder, let pattern): return finds(path, below: PathText.resolved(folder, from: base), pattern)
        case .list(let written):
            let list = PathText.resolved(written, from: base)
            guard let status = try? FileStatus.of(list), status.kind == .file, status.stamp.size <= FileList.maximumSize,
                let bytes = try? FileReading.read(list).bytes
            else { return false }
            return FileList.lines(bytes).contains { line in
                // A list within a list is refused, and so finds nothing.
                guard let entry = try? Entry(line.text), !entry.isList else { return false }
                return finds(path, entry, base: PathText.split(list).folder)
            }
        }
    }

    private func finds(_ path: [UInt8], below folder: [UInt8], _ pattern: PathPattern) -> Bool {
        [(path, folder), (Coverage.real(path), Coverage.real(folder))].contains { path, folder in
            guard let relative = PathText.relative(path, to: folder) else { return false }
            let end = relative.split(separator: PathText.slash).reduce(pattern.start) {
                pattern.state($0, after: $1, hidden: hidden)
            }
            return pattern.isMatch(end)
        }
    }

    /// The path with links resolved as far as it is there.
    private static func real(_ path: [UInt8]) -> [UInt8] {
        var rest: [[UInt8]] = []
        var path = path
        while path.count > 1 {
            if let found = SystemFault.withPath(path, { realpath($0, nil) }) {
                defer { free(found) }
                let bytes = Array(UnsafeRawBufferPointer(start: found, count: strlen(found)))
                return rest.reversed().reduce(bytes) { PathText.joined($0, $1) }
            }
            let (folder, name) = PathText.split(path)
            rest.append(name)
            path = folder
        }
        return rest.reversed().reduce(path) { PathText.joined($0, $1) }
    }
}
