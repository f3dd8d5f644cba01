/// Where publications are written, to see that none is in the way of another.
struct PublishedPlaces {
    /// By path, with the line that says so.
    private var written: [String: (position: SourcePosition, isFolder: Bool)] = [:]
    /// Folders that something lies in, with the line of the first.
    private var entered: [String: (position: SourcePosition, isFolder: Bool)] = [:]

    /// Takes a place.
    /// - Returns: what is wrong with it, if another publication has it already.
    mutating func fault(adding publication: Publication) -> String? {
        let path = publication.path
        if let other = written[path] {
            return other.position == publication.position
                ? "the instances of the stage are all written to the same place"
                : "the publication \(PublishedPlaces.place(of: other, from: publication)) is written to the same place"
        }
        var above = PathText.folder(of: path)
        var folders: [String] = []
        while above != "/" {
            if let other = written[above] {
                return other.isFolder
                    ? "this lies in the folder that the publication \(PublishedPlaces.place(of: other, from: publication)) keeps"
                    : "the publication \(PublishedPlaces.place(of: other, from: publication)) writes a file where this needs a folder"
            }
            folders.append(above)
            above = PathText.folder(of: above)
        }
        if let other = entered[path] {
            return publication.isFolder
                ? "the publication \(PublishedPlaces.place(of: other, from: publication)) is written into this folder"
                : "the publication \(PublishedPlaces.place(of: other, from: publication)) needs a folder of this name"
        }
        written[path] = (publication.position, publication.isFolder)
        for folder in folders where entered[folder] == nil { entered[folder] = (publication.position, publication.isFolder) }
        return nil
    }

    private static func place(of other: (position: SourcePosition, isFolder: Bool), from publication: Publication) -> String {
        other.position.file == publication.position.file ? "on line \(other.position.line)" : "at \(other.position)"
    }
}
