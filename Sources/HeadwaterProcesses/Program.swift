import Glibc

/// Finding programs as a shell would.
enum Program {
    /// The path of the program; a name without a slash is looked for in each folder of `path`, which are separated by colons.
    /// Relative folders are passed over: what they mean depends on who looks.
    static func find(_ name: String, path: String, from folder: String = "/") -> String? {
        if name.contains("/") {
            let place = name.hasPrefix("/") ? name : folder + "/" + name
            return isProgram(place) ? place : nil
        }
        guard !name.isEmpty else { return nil }
        return path.split(separator: ":").lazy.filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }.first(where: isProgram)
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// The path with every link followed.
    static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
