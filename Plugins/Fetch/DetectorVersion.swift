import Glibc

/// Which uchardet is linked: the library does not say, but the name of its file does.
enum DetectorVersion {
    /// `0.0.7` of `libuchardet.so.0.0.7`; nil where the library is part of the program.
    static let text: String? = {
        guard let file = fopen("/proc/self/maps", "r") else { return nil }
        defer { fclose(file) }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, file) > 0 {
            if let line, let version = version(inMapping: String(cString: line)) { return version }
        }
        return nil
    }()

    /// - Parameter line: of the kernel's list of what is mapped, the file's path at its end with links resolved.
    static func version(inMapping line: String) -> String? {
        guard let name = line.split(separator: "/").last?.drop(while: \.isWhitespace), name.hasPrefix("libuchardet.so.") else {
            return nil
        }
        return String(name.dropFirst("libuchardet.so.".count).prefix { $0.isNumber || $0 == "." })
    }
}
