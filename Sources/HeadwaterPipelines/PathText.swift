/// Paths as texts: nothing here looks at a disk.
enum PathText {
    /// `path` counted from `base`, without empty and `.` components. `..` stays: behind a symbolic link it is not
    /// the folder that the text suggests.
    static func absolute(_ path: String, from base: String) -> String {
        let joined = path.hasPrefix("/") ? path : base + "/" + path
        return "/" + joined.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    /// The folder that an absolute path lies in.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
