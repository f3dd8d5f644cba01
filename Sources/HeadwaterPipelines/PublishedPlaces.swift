/// Where publications are written, to see that none is in the way of another.
struct PublishedPlaces {
    /// By path, with the line that says so.
    private var written: [String: (position: SourcePosition, isFolder: Bool)] = [:]
    /// Folders that something lies in, with the line of the first.
    private var entered: [String: (position: SourcePosition, isFolder: Bool)] = [:]

    /// Takes a place.
    /// - Returns: what is wrong with it, if another publication has it already.
    mutating func fault(adding publication: Publication) -> (message: String, expected: String)? {
        if let fault = fault(of: publication) { return fault }
        take(publication)
        return nil
    }

    private func fault(of publication: Publication) -> (message: String, expected: String)? {
        let path = publication.path
        if let other = written[path] {
            if other.position == publication.position {
                return (
                    "several instances of the stage are written to the same place",
                    "a path with the variables of its matrix in it, as in out/${name}.md"
                )
            }
            return own("the publication \(PublishedPlaces.place(of: other, from: publication)) is written to the same place")
        }
        for folder in PublishedPlaces.folders(above: path) {
            guard let other = written[folder] else { continue }
            let place = PublishedPlaces.place(of: other, from: publication)
            return own(
                other.isFolder
                    ? "this lies in the folder that the publication \(place) keeps"
                    : "the publication \(place) writes a file where this needs a folder")
        }
        guard let other = entered[path] else { return nil }
        let place = PublishedPlaces.place(of: other, from: publication)
        return own(
            publication.isFolder
                ? "the publication \(place) is written into this folder" : "the publication \(place) needs a folder of this name")
    }

    private mutating func take(_ publication: Publication) {
        let taken = (publication.position, publication.isFolder)
        written[publication.path] = taken
        for folder in PublishedPlaces.folders(above: publication.path) where entered[folder] == nil { entered[folder] = taken }
    }

    private func own(_ message: String) -> (message: String, expected: String) { (message, "a path of its own") }

    private static func folders(above path: String) -> [String] {
        var out: [String] = []
        var above = PathText.folder(of: path)
        while above != "/" {
            out.append(above)
            above = PathText.folder(of: above)
        }
        return out
    }

    private static func place(of other: (position: SourcePosition, isFolder: Bool), from publication: Publication) -> String {
        other.position.file == publication.position.file ? "on line \(other.position.line)" : "at \(other.position)"
    }
}
