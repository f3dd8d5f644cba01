/// Why a text is not YAML, in words for somebody who does not know libyaml's.
struct YAMLSyntaxFault: Error {
    var offset: Int
    var message: String
    var expected: String?

    static let outOfMemory = YAMLSyntaxFault(offset: 0, message: "there is not enough memory to read the file", expected: nil)

    private init(offset: Int, message: String, expected: String?) {
        self.offset = offset
        self.message = message
        self.expected = expected
    }

    /// - Parameters:
    ///   - problem: libyaml's own words for what is wrong at `offset`.
    ///   - context: its words for what it was doing since `contextOffset`.
    init(problem: String, context: String, offset: Int, contextOffset: Int, in source: SourceText) {
        let bytes = source.bytes
        func byte(_ index: Int) -> UInt8? { bytes.indices.contains(index) ? bytes[index] : nil }
        let isTab = byte(offset) == UInt8(ascii: "\t")
        // In brackets and braces a plain `${name}` ends after the dollar sign.
        let isBareSubstitution = byte(offset) == UInt8(ascii: "{") && byte(offset - 1) == UInt8(ascii: "$")
        var fault = YAMLSyntaxFault(offset: offset, message: problem, expected: nil)
        switch problem {
        case _ where isBareSubstitution && problem.hasPrefix("did not find expected"):
            fault.offset = offset - 1
            fault.message = "between brackets or braces, YAML takes the { of ${…} for a mapping"
            fault.expected = "the text in quotes, as in \"${name}\""
        case "found character that cannot start any token" where isTab,
            "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            fault.message = "a tab cannot indent a line in YAML"
            fault.expected = "spaces"
        case "found character that cannot start any token":
            fault.message = "a text cannot begin with this character"
            fault.expected = "the text in quotes"
        case "mapping values are not allowed in this context":
            fault.message = "no key can stand here, so this \":\" has no meaning"
            fault.expected =
                "the key on a line of its own, indented like its neighbours; or, if it is one text, all of it in quotes"
        case "block sequence entries are not allowed in this context":
            fault.message = "no list can begin here"
            fault.expected = "the \"-\" on a line of its own"
        case "could not find expected ':'":
            fault.offset = contextOffset
            fault.message = "this line is neither a key with its \":\" nor part of a text"
            fault.expected = "\"key: value\""
        case "did not find expected key" where byte(offset - 1) == UInt8(ascii: "\"") || byte(offset - 1) == UInt8(ascii: "'"):
            fault.message = "nothing can follow a quoted text"
            fault.expected = "all of the text in the quotes"
        case "found incompatible YAML document":
            fault.message = "no such version of YAML is known here"
            fault.expected = "no line that begins with %YAML"
        case "did not find expected key":
            if context == "while parsing a block mapping" {
                fault.message = "this does not belong to the mapping above"
                fault.expected = "\"key: value\", indented exactly like the keys before it"
            }
        case "did not find expected '-' indicator":
            fault.message = "this does not belong to the list above"
            fault.expected = "\"- value\", indented exactly like the elements before it"
        case "did not find expected ',' or ']'": fault.blame(bracket: "[", "list", offset, contextOffset, in: source)
        case "did not find expected ',' or '}'": fault.blame(bracket: "{", "mapping", offset, contextOffset, in: source)
        case "did not find expected node content":
            fault.message = "a value is missing here"
            fault.expected = "a value; \"\" is the empty text"
        case "found unexpected end of stream":
            fault.offset = contextOffset
            fault.message = "this quoted text never ends"
            fault.expected = "a closing quotation mark like the opening one"
        case "did not find expected <document start>":
            fault.message = "nothing can follow here"
            fault.expected = "all keys of the file to begin in the same column"
        case "found unknown escape character":
            fault.message = "no such escape in double quotes"
            fault.expected = "\\\\ for a backslash, or the text in single quotes"
        case "did not find expected alphabetic or numeric character":
            fault.message = "an anchor or alias needs a name right behind & or *"
            fault.expected = "the text in quotes, if it only begins with & or *"
        default:
            // libyaml's other faults are of features that pipeline files do not need.
            if fault.message.isEmpty { fault.message = "this is not YAML" }
            if !context.isEmpty { fault.message += ", " + context }
        }
        self = fault
    }

    /// A bracket that is not closed where it should be: shown itself where the file ends without it.
    private mutating func blame(bracket: String, _ what: String, _ offset: Int, _ start: Int, in source: SourceText) {
        if offset >= source.bytes.count {
            self.offset = start
            message = "this \"\(bracket)\" is never closed"
        } else {
            let line = source.position(of: start..<start).line
            message = "the \(what) that begins with \"\(bracket)\" on line \(line) does not go on like this"
        }
        expected = "\",\" or \"\(bracket == "[" ? "]" : "}")\""
    }
}
