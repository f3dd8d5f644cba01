import HeadwaterPluginKit

/// Turns the elements of `from` into the sources they find, and everything that is wrong with them into one error.
struct Location {
    private let hidden: Bool
    private let followsLinks: Bool
    private let answer: (_ url: String) throws -> [UInt8]
    /// The run is to stop, so that no more lists are asked for.
    private var isStopped = false
    private var exclusions = Exclusions()
    /// In the order of the entries that found them; a file that two entries find is there twice until `nameOnce`.
    private var files: [File] = []
    private var urls: Set<String> = []
    /// What stands before a locator where there are several roots, by the root's path.
    private var rootNames: [[UInt8]: [UInt8]] = [:]
    private var usedNames: Set<[UInt8]> = []
    private var nameCounts: [[UInt8]: Int] = [:]
    private var faults: [(element: Int, reason: String)] = []
    /// The folder that each element counts from.
    private var bases: [[UInt8]] = []

    private struct File {
        /// Absolute and normalised.
        var path: [UInt8]
        var root: Root
        var stamp: FileStamp

        /// The path from its root.
        var relative: ArraySlice<UInt8> {
            path[(root.path.last == PathText.slash ? root.path.count : root.path.count + 1)...]
        }
    }

    /// A folder that locators count from. One object for all files below it, so that a file costs a reference.
    private final class Root {
        /// Absolute and normalised.
        let path: [UInt8]
        /// Its last name as it was written, so that no name of this machine's folders gets into a locator; `.` where
        /// nothing was written.
        let name: [UInt8]

        init(path: [UInt8], written: [UInt8]) {
            self.path = path
            let last = PathText.split(written).name
            name = last.isEmpty ? Array(".".utf8) : last
        }
    }

    /// - Throws: `StageError` that says everything that is wrong, each fault at its element.
    ///
    /// - Parameter answer: what a request for a list is answered.
    static func find(
        _ places: [Places.Place], hidden: Bool, followsLinks: Bool, answer: @escaping (_ url: String) throws -> [UInt8]
    ) throws -> [FoundSource] {
        var location = Location(hidden: hidden, followsLinks: followsLinks, answer: answer)
        location.take(places)
        if location.faults.isEmpty && !location.isStopped && location.files.isEmpty && location.urls.isEmpty {
            throw StageError("'from' finds no source; expected a file, folder, glob, file list or URL", parameter: "from")
        }
        if location.isStopped { throw StageStopped() }
        if let error = location.error { throw error }
        return location.found()
    }

    private init(hidden: Bool, followsLinks: Bool, answer: @escaping (_ url: String) throws -> [UInt8]) {
        self.hidden = hidden
        self.followsLinks = followsLinks
        self.answer = answer
    }

    private mutating func take(_ places: [Places.Place]) {
        var entries: [(element: Int, entry: Entry, base: [UInt8], text: String)] = []
        var excluded: [(element: Int, text: [UInt8], base: [UInt8])] = []
        bases = places.map { Array($0.base.utf8) }
        for (element, place) in places.enumerated() {
            let base = bases[element]
            do throws(PatternFault) {
                let entry = try Entry(Array(place.text.utf8))
                if case .exclusion(let text) = entry {
                    excluded.append((element, text, base))
                } else {
                    entries.append((element, entry, base, "'\(place.text)'"))
                }
            } catch {
                faults.append((element, "'\(place.text)': \(error.reason)"))
            }
        }
        exclusions = Exclusions(excluded.map { ($0.text, $0.base) }) { index, fault in
            let element = excluded[index].element
            faults.append((element, "'\(places[element].text)': \(fault.reason)"))
        }
        for (element, entry, base, text) in entries {
            files += take(entry, base: base, element, text)
        }
        nameOnce()
        var last: Root?
        for file in files where file.root !== last {
            if rootNames[file.root.path] == nil { rootNames[file.root.path] = unusedName(file.root.name) }
            last = file.root
        }
    }

    /// Two entries that find one file name it once: as the first of them does.
    private mutating func nameOnce() {
        // What one walk finds is in order, so that nearly always a look at each file is all there is to do.
        if zip(files, files.dropFirst()).allSatisfy({ ByteOrder.precedes($0.path, $1.path) }) { return }
        let order = files.indices.sorted { a, b in
            if ByteOrder.precedes(files[a].path, files[b].path) { return true }
            return a < b && files[a].path == files[b].path
        }
        var isRepeated = [Bool](repeating: false, count: files.count)
        for (earlier, later) in zip(order, order.dropFirst()) { isRepeated[later] = files[earlier].path == files[later].path }
        files = zip(files, isRepeated).filter { !$0.1 }.map(\.0)
    }

    /// What an entry finds. Its faults are noted.
    private mutating func take(_ entry: Entry, base: [UInt8], _ element: Int, _ text: String) -> [File] {
        switch entry {
        case .url(let url):
            urls.insert(url)
            return []
        case .path(let path): return takePath(path, base: base, element, text)
        case .glob(let folder, let pattern):
            return walk(PathText.resolved(folder, from: base), written: folder, pattern, element, text)
        case .list(let path): return takeList(PathText.resolved(path, from: base), written: path, element, text)
        case .remoteList(let url):
            takeURLs(element, text) { list throws in
                guard let base = WebAddress(url) else { throw PatternFault("it is no URL") }
                try list.take(try list.answer(url), base: base)
            }
            return []
        case .exclusion: return []
        }
    }

    /// Takes up what a list of URLs names. Its faults are noted.
    private mutating func takeURLs(_ element: Int, _ text: String, _ read: (inout URLList) throws -> Void) {
        if isStopped { return }
        var list = URLList(answer: answer)
        do {
            try read(&list)
            if list.urls.isEmpty { throw PatternFault("it lists nothing") }
            urls.formUnion(list.urls)
        } catch is StageStopped {
            isStopped = true
        } catch {
            let reason = (error as? PatternFault)?.reason ?? "\(error)"
            faults.append((element, "\(text): \(reason); expected a feed, a sitemap or a text with a URL a line"))
        }
    }

    private mutating func takePath(_ written: [UInt8], base: [UInt8], _ element: Int, _ text: String) -> [File] {
        let path = PathText.resolved(written, from: base)
        do throws(SystemFault) {
            let status = try FileStatus.of(path)
            switch status.kind {
            case .folder: return walk(path, written: written, .everything, element, text)
            case .file:
                if exclusions.state(at: path) == nil { return [] }
                let written = PathText.split(PathText.normalized(written)).folder
                return [File(path: path, root: Root(path: PathText.split(path).folder, written: written), stamp: status.stamp)]
            case .link, .special:
                faults.append(
                    (element, "\(text) is a socket, pipe or device, and sources are files; take it out of what 'from' names"))
            }
        } catch {
            faults.append((element, "\(text): \(error.reason); expected a file, folder, glob, file list or URL"))
        }
        return []
    }

    private mutating func walk(
        _ folder: [UInt8], written: [UInt8], _ pattern: PathPattern, _ element: Int, _ text: String
    ) -> [File] {
        var walk = FolderWalk(pattern: pattern, exclusions: exclusions, hidden: hidden, followsLinks: followsLinks)
        walk.walk(folder)
        for fault in walk.faults {
            if fault.path.isEmpty {
                faults.append((element, "\(text): \(fault.reason)"))
            } else {
                let exclusion = Exclusions.element(leavingOut: PathText.joined(start(written, folder, element), fault.path))
                faults.append((element, "\(text) at \(PathText.shown(fault.path)): \(fault.reason); \(exclusion) leaves it out"))
            }
        }
        if walk.finds.isEmpty && walk.faults.isEmpty && !walk.leftOut {
            faults.append((element, "\(text) finds no file" + hint(text)))
        }
        let root = Root(path: folder, written: PathText.normalized(written))
        return walk.finds.map { File(path: $0.path, root: root, stamp: $0.stamp) }
    }

    /// How an element of `from` names the folder where a walk began: as the walk's own element does, unless that stands in
    /// a list in another folder.
    private func start(_ written: [UInt8], _ folder: [UInt8], _ element: Int) -> [UInt8] {
        PathText.resolved(written, from: bases[element]) == folder ? PathText.normalized(written) : folder
    }

    private func hint(_ text: String) -> String {
        // Saved pages often have brackets in their names.
        if text.contains("[") { return "; write \\[ for a bracket in a name" }
        return hidden ? "" : "; files that begin with a dot are passed over"
    }

    private mutating func takeList(_ path: [UInt8], written: [UInt8], _ element: Int, _ text: String) -> [File] {
        let lines: [FileList.Line]
        do {
            let status = try FileStatus.of(path)
            guard status.kind == .file, status.stamp.size <= FileList.maximumSize else {
                throw StageError("this is no text file of less than \(FileList.maximumSize) bytes")
            }
            let bytes = try FileReading.read(path).bytes
            if URLList.isFeed(bytes) {
                takeURLs(element, text) { list throws in try list.take(bytes, base: nil) }
                return []
            }
            lines = FileList.lines(bytes)
            if lines.isEmpty { throw StageError("it lists nothing") }
        } catch {
            let reason = (error as? SystemFault)?.reason ?? "\(error)"
            faults.append((element, "\(text): \(reason); expected a text file with a path or glob a line"))
            return []
        }
        let folder = PathText.split(path).folder
        var files: [File] = []
        for line in lines {
            let shown = "\(text) line \(line.number), \(PathText.shown(line.text))"
            do throws(PatternFault) {
                let entry = try Entry(line.text)
                switch entry {
                case .list, .remoteList, .exclusion:
                    throw PatternFault("a list holds no further list and no exclusion; write ./ before such a name")
                case .url, .path, .glob: files += take(entry, base: folder, element, shown)
                }
            } catch {
                faults.append((element, "\(shown): \(error.reason)"))
            }
        }
        let root = Root(path: folder, written: PathText.split(PathText.normalized(written)).folder)
        return Location.counted(files, fromListIn: root)
    }

    /// What a list names counts from the list's folder; what lies elsewhere, from the deepest folder that holds all of it.
    private static func counted(_ files: [File], fromListIn root: Root) -> [File] {
        var files = files
        let elsewhere = files.indices.filter { PathText.relative(files[$0].path, to: root.path) == nil }
        for index in files.indices { files[index].root = root }
        guard let first = elsewhere.first else { return files }
        var shared = PathText.split(files[first].path).folder
        for index in elsewhere {
            while PathText.relative(files[index].path, to: shared) == nil { shared = PathText.split(shared).folder }
        }
        let holdsList = PathText.relative(root.path, to: shared) != nil
        let outer = Root(path: shared, written: holdsList ? Array("..".utf8) : shared)
        for index in elsewhere { files[index].root = outer }
        return files.filter { $0.root === root } + files.filter { $0.root === outer }
    }

    private func found() -> [FoundSource] {
        let isAlone = rootNames.count <= 1
        var out: [FoundSource] = []
        out.reserveCapacity(files.count + urls.count)
        for file in files {
            let relative = file.relative
            let full = isAlone ? relative : PathText.joined(rootNames[file.root.path] ?? [], Array(relative))[...]
            out.append(
                FoundSource(
                    locator: Locator.text(full), place: .file(path: file.path, stamp: file.stamp), size: file.stamp.size))
        }
        for url in urls { out.append(FoundSource(locator: url, place: .request(url: url), size: 0)) }
        // Files come from a walk in the order of their paths, which is that of their locators unless one is escaped.
        let isSorted = zip(out, out.dropFirst()).allSatisfy { Locator.precedes($0.locator, $1.locator) }
        return isSorted ? out : out.sorted { Locator.precedes($0.locator, $1.locator) }
    }

    /// The name, made unique by a number in the order in which the roots were written.
    private mutating func unusedName(_ name: [UInt8]) -> [UInt8] {
        var unused = name
        var number = nameCounts[name] ?? 1
        while !usedNames.insert(unused).inserted {
            number += 1
            unused = name + "-\(number)".utf8
        }
        nameCounts[name] = number
        return unused
    }

    /// So many faults are told one by one: more help nobody who has to mend them.
    private static let mostFaults = 20

    /// All faults in the order of the elements, each at its element.
    private var error: StageError? {
        let inOrder = faults.enumerated().sorted { ($0.element.element, $0.offset) < ($1.element.element, $1.offset) }
        var errors = inOrder.prefix(Location.mostFaults).map {
            StageError($0.element.reason, parameter: "from", element: $0.element.element)
        }
        guard var first = errors.first else { return nil }
        let more = faults.count - errors.count
        if more > 0 {
            errors.append(StageError("and \(more) more of what 'from' names cannot be taken up", parameter: "from"))
        }
        first.others = Array(errors.dropFirst())
        return first
    }
}
