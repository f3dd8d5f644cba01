/// Paths as texts: nothing here looks at a disk.
enum PathText {
    /// `path` counted from `base`, without empty and `.` components. `..` stays: behind a symbolic link it is not
    /// the folder that the text suggests.
    static func absolute(_ path: String, from base: String) -> String {
        let joined = path.hasPrefix("/") ? path : base + "/" + path
        return "/" + joined.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    /// An absolute path without `..`, to tell whether two name one file where no link is in the way.
    static func plain(_ path: String) -> String {
        var components: [Substring] = []
        for component in path.split(separator: "/") where component != "." {
            if component == ".." { _ = components.popLast() } else { components.append(component) }
        }
        return "/" + components.joined(separator: "/")
    }

    /// The folder that an absolute path lies in.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
