/// Where publications are written, to see that none is in the way of another.
struct PublishedPlaces {
    /// By path, with the line that says so.
    private var written: [String: (line: Int, isFolder: Bool)] = [:]
    /// Folders that something lies in, with the line of the first.
    private var entered: [String: Int] = [:]

    /// Takes a place.
    /// - Returns: what is wrong with it, if another publication has it already.
    mutating func fault(adding publication: Publication) -> String? {
        let path = publication.path
        if let other = written[path] { return "the publication on line \(other.line) is written to the same place" }
        var above = PathText.folder(of: path)
        var folders: [String] = []
        while above != "/" {
            if let other = written[above] {
                return other.isFolder
                    ? "this lies in the folder that the publication on line \(other.line) keeps"
                    : "the publication on line \(other.line) writes a file where this needs a folder"
            }
            folders.append(above)
            above = PathText.folder(of: above)
        }
        if let line = entered[path] {
            return publication.isFolder
                ? "the publication on line \(line) is written into this folder"
                : "the publication on line \(line) needs a folder of this name"
        }
        written[path] = (publication.position.line, publication.isFolder)
        for folder in folders where entered[folder] == nil { entered[folder] = publication.position.line }
        return nil
    }
}
