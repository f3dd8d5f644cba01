import HeadwaterPluginKit

/// Turns the elements of `from` into the sources they find, and everything that is wrong with them into one error.
struct Location {
    private let hidden: Bool
    private let followsLinks: Bool
    private let answer: (_ url: String) throws -> [UInt8]
    /// The run is to stop, so that no more lists are asked for.
    private var isStopped = false
    private var exclusions = Exclusions()
    private let files = FoundFiles()
    private var urls: Set<String> = []
    private var faults: [(element: Int, reason: String)] = []
    /// The folder that each element counts from.
    private var bases: [[UInt8]] = []

    /// What a list names counts from the list's folder; what lies elsewhere, from the deepest folder that holds all of it.
    private struct ListRoots {
        let folder: [UInt8]
        let inside: Int
        let outside: Int
        /// Nil until something lies elsewhere.
        var shared: [UInt8]?
    }

    /// While a list is taken up.
    private var listRoots: ListRoots?

    /// - Throws: `StageError` that says everything that is wrong, each fault at its element.
    ///
    /// - Parameter answer: what a request for a list is answered.
    static func find(
        _ places: [Places.Place], hidden: Bool, followsLinks: Bool, answer: @escaping (_ url: String) throws -> [UInt8]
    ) throws -> FoundSources {
        var location = Location(hidden: hidden, followsLinks: followsLinks, answer: answer)
        location.take(places)
        if location.faults.isEmpty && !location.isStopped && location.files.count == 0 && location.urls.isEmpty {
            throw StageError("'from' finds no source; expected a file, folder, glob, file list or URL", parameter: "from")
        }
        if location.isStopped { throw StageStopped() }
        if let error = location.error { throw error }
        return try location.found()
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
        for (element, entry, base, text) in entries { take(entry, base: base, element, text) }
    }

    /// Takes up what an entry finds. Its faults are noted.
    private mutating func take(_ entry: Entry, base: [UInt8], _ element: Int, _ text: String) {
        switch entry {
        case .url(let url): urls.insert(url)
        case .path(let path): takePath(path, base: base, element, text)
        case .glob(let folder, let pattern):
            walk(PathText.resolved(folder, from: base), written: folder, pattern, element, text)
        case .list(let path): takeList(PathText.resolved(path, from: base), written: path, element, text)
        case .remoteList(let url):
            takeURLs(element, text) { list throws in
                guard let base = WebAddress(url) else { throw PatternFault("it is no URL") }
                try list.take(try list.answer(url), base: base)
            }
        case .exclusion: break
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

    private mutating func takePath(_ written: [UInt8], base: [UInt8], _ element: Int, _ text: String) {
        let path = PathText.resolved(written, from: base)
        do throws(SystemFault) {
            let status = try FileStatus.of(path)
            switch status.kind {
            case .folder: walk(path, written: written, .everything, element, text)
            case .file:
                if exclusions.state(at: path) == nil { return }
                let written = PathText.split(PathText.normalized(written)).folder
                add(path, status.stamp, root: root(PathText.split(path).folder, written: written))
            case .link, .special:
                faults.append(
                    (element, "\(text) is a socket, pipe or device, and sources are files; take it out of what 'from' names"))
            }
        } catch {
            faults.append((element, "\(text): \(error.reason); expected a file, folder, glob, file list or URL"))
        }
    }

    /// The number of a root; of a list's files another counts.
    private func root(_ path: [UInt8], written: [UInt8]) -> Int {
        listRoots?.inside ?? files.addRoot(FoundFiles.Root(path: path, written: written))
    }

    private mutating func add(_ path: [UInt8], _ stamp: FileStamp, root: Int) {
        guard var list = listRoots, PathText.relative(path, to: list.folder) == nil else {
            return files.add(path, stamp, root: root)
        }
        var shared = list.shared ?? PathText.split(path).folder
        while PathText.relative(path, to: shared) == nil { shared = PathText.split(shared).folder }
        list.shared = shared
        listRoots = list
        files.add(path, stamp, root: list.outside)
    }

    private mutating func walk(
        _ folder: [UInt8], written: [UInt8], _ pattern: PathPattern, _ element: Int, _ text: String
    ) {
        let root = root(folder, written: PathText.normalized(written))
        var walk = FolderWalk(pattern: pattern, exclusions: exclusions, hidden: hidden, followsLinks: followsLinks)
        walk.walk(folder) { add($0, $1, root: root) }
        for fault in walk.faults {
            if fault.path.isEmpty {
                faults.append((element, "\(text): \(fault.reason)"))
            } else {
                let exclusion = Exclusions.element(leavingOut: PathText.joined(start(written, folder, element), fault.path))
                faults.append((element, "\(text) at \(PathText.shown(fault.path)): \(fault.reason); \(exclusion) leaves it out"))
            }
        }
        if !walk.hasFound && walk.faults.isEmpty && !walk.leftOut {
            faults.append((element, "\(text) finds no file" + hint(text)))
        }
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

    private mutating func takeList(_ path: [UInt8], written: [UInt8], _ element: Int, _ text: String) {
        let lines: [FileList.Line]
        do {
            let status = try FileStatus.of(path)
            guard status.kind == .file, status.stamp.size <= FileList.maximumSize else {
                throw StageError("this is no text file of less than \(FileList.maximumSize) bytes")
            }
            let bytes = try FileReading.read(path).bytes
            if URLList.isFeed(bytes) {
                takeURLs(element, text) { list throws in try list.take(bytes, base: nil) }
                return
            }
            lines = FileList.lines(bytes)
            if lines.isEmpty { throw StageError("it lists nothing") }
        } catch {
            let reason = (error as? SystemFault)?.reason ?? "\(error)"
            faults.append((element, "\(text): \(reason); expected a text file with a path or glob a line"))
            return
        }
        let folder = PathText.split(path).folder
        let written = PathText.split(PathText.normalized(written)).folder
        let inside = files.addRoot(FoundFiles.Root(path: folder, written: written))
        // Which folder that is shows when all is found.
        let outside = files.addRoot(FoundFiles.Root(path: folder, written: written))
        listRoots = ListRoots(folder: folder, inside: inside, outside: outside)
        for line in lines {
            let shown = "\(text) line \(line.number), \(PathText.shown(line.text))"
            do throws(PatternFault) {
                let entry = try Entry(line.text)
                switch entry {
                case .list, .remoteList, .exclusion:
                    throw PatternFault("a list holds no further list and no exclusion; write ./ before such a name")
                case .url, .path, .glob: take(entry, base: folder, element, shown)
                }
            } catch {
                faults.append((element, "\(shown): \(error.reason)"))
            }
        }
        if let shared = listRoots?.shared {
            let holdsList = PathText.relative(folder, to: shared) != nil
            files.setRoot(outside, FoundFiles.Root(path: shared, written: holdsList ? Array("..".utf8) : shared))
        }
        listRoots = nil
    }

    private func found() throws -> FoundSources {
        var list = FoundSourceList()
        try files.append(to: &list)
        for url in urls { try list.append(FoundSource(locator: url, place: .request(url: url), size: 0)) }
        return try list.sorted()
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
