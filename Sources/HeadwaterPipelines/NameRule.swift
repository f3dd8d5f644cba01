/// Which names a pipeline file may give to things, so that references and locators to them need no quoting.
enum NameRule {
    /// Pipelines, stages and publications.
    case thing
    /// Parameters of the file.
    case parameter

    func allows(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 100
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): self == .parameter
                default: false
                }
            }
    }

    /// After the word "expected".
    var description: String {
        switch self {
        case .thing: "1 to 100 of the characters a to z, 0 to 9 and -"
        case .parameter: "1 to 100 of the characters A to Z, a to z, 0 to 9, - and _"
        }
    }
}
