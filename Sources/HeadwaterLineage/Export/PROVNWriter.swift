import HeadwaterModel

/// Writes PROV-N, the notation of W3C PROV for people (https://www.w3.org/TR/prov-n/): a statement a line, in one pass.
struct PROVNWriter: ExportWriter {
    let document: ProvenanceDocument

    func write(to sink: ExportSink) throws {
        try sink.write("document\n")
        for prefix in QualifiedName.Prefix.allCases where prefix != .prov {
            try sink.write("  prefix \(prefix.rawValue) <\(prefix.namespace)>\n")
        }
        try sink.write("\n")
        try document.forEach(Set(ProvenanceStatement.Kind.allCases)) { statement in
            try sink.write("  " + PROVNWriter.line(statement) + "\n")
        }
        try sink.write("endDocument\n")
    }

    private static func line(_ statement: ProvenanceStatement) -> String {
        var parts: [String] = statement.name.map { [$0.text] } ?? []
        // The times of an activity may be left out together (3.1.2); the places of a relation are counted.
        if !statement.kind.isElement || statement.arguments.contains(where: { $0 != nil }) {
            parts += statement.arguments.map(argument)
        }
        if !statement.attributes.isEmpty {
            parts.append("[" + statement.attributes.map { "\($0.name.text)=\(value($0.value))" }.joined(separator: ", ") + "]")
        }
        return "\(statement.kind.rawValue)(\(parts.joined(separator: ", ")))"
    }

    private static func argument(_ argument: ProvenanceStatement.Argument?) -> String {
        switch argument {
        case nil: "-"
        case .name(let name): name.text
        case .time(let milliseconds): UTCTime.text(milliseconds)
        }
    }

    private static func value(_ value: ProvenanceStatement.Value) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .number(let number): "\"\(number)\" %% xsd:long"
        case .name(let name): "'\(name.text)'"
        }
    }

    /// A STRING_LITERAL of one line (3.7.3), with the escapes of SPARQL's ECHAR and UCHAR.
    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: out += "\\u00" + Hex.encode([UInt8(scalar.value)])
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
