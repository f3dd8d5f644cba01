import HeadwaterModel

/// Writes PROV-JSON (https://www.w3.org/submissions/prov-json/): statements by their kinds, one kind in each pass over the
/// document, since an object of JSON is written member by member and the document is not in memory.
struct PROVJSONWriter: ExportWriter {
    let document: ProvenanceDocument

    func write(to sink: ExportSink) throws {
        let prefixes = QualifiedName.Prefix.allCases.filter { $0 != .prov }
            .map { "    \(quoted($0.rawValue)): \(quoted($0.namespace))" }
        try sink.write("{\n  \"prefix\": {\n" + prefixes.joined(separator: ",\n") + "\n  }")
        for kind in ProvenanceStatement.Kind.allCases {
            var count = 0
            try document.forEach([kind]) { statement in
                try sink.write(count == 0 ? ",\n  \(quoted(kind.rawValue)): {\n" : ",\n")
                count += 1
                // A relation's name serves PROV-JSON alone: a blank one, counted.
                try sink.write("    \(quoted(statement.name?.text ?? "_:\(kind.rawValue)\(count)")): ")
                try sink.write(PROVJSONWriter.object(statement))
            }
            if count > 0 { try sink.write("\n  }") }
        }
        try sink.write("\n}\n")
    }

    private func quoted(_ text: String) -> String { JSON.string(text).description }

    private static func object(_ statement: ProvenanceStatement) -> JSON {
        var members: [String: JSON] = [:]
        for (name, argument) in zip(statement.kind.arguments, statement.arguments) {
            switch argument {
            case nil: continue
            case .name(let other): members[name] = .string(other.text)
            case .time(let milliseconds): members[name] = .string(UTCTime.text(milliseconds))
            }
        }
        for attribute in statement.attributes {
            let name = attribute.name.text
            let value = value(attribute.value)
            // Several values of one name are a list (3.1).
            switch members[name] {
            case nil: members[name] = value
            case .array(let values): members[name] = .array(values + [value])
            case let other?: members[name] = .array([other, value])
            }
        }
        return .object(members)
    }

    private static func value(_ value: ProvenanceStatement.Value) -> JSON {
        switch value {
        case .text(let text): .string(text)
        case .number(let number): ["$": .string(String(number)), "type": "xsd:long"]
        case .name(let name): ["$": .string(name.text), "type": "prov:QUALIFIED_NAME"]
        }
    }
}
