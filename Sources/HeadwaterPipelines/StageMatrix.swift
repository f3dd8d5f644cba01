import HeadwaterModel

/// A stage's `matrix`: lists of values, and one instance of the stage for each combination of them.
struct StageMatrix {
    /// In the order of the file.
    private(set) var variables: [Variable] = []

    struct Variable {
        var name: String
        var values: [Value]
    }

    struct Value {
        /// What stands for the value in the instance's name.
        var label: String
        var value: FileParameters.Value
    }

    /// One combination.
    struct Instance {
        /// The stage's name and the labels: `dedupe@70,en`.
        var name: String
        /// The label of each variable.
        var labels: [String: String]
        var values: [String: FileParameters.Value]
    }

    /// Instances of all stages of a pipeline.
    static let mostInstances = 10_000

    var count: Int { variables.reduce(1) { $0.multipliedReportingOverflow(by: $1.values.count).partialValue } }

    /// - Returns: nil, with the fault recorded, if the node is no matrix.
    init?(_ node: YAMLNode, parameters: [String], _ faults: FaultLog) {
        guard case .mapping(let entries) = node.content, !entries.isEmpty else {
            if !node.isFaulty {
                faults.report(
                    node.range, "\"matrix\" cannot be \(StageMatrix.summary(of: node))",
                    expected: "a mapping of names to lists of values")
            }
            return nil
        }
        var isRight = true
        var product = 1
        for entry in entries {
            if !NameRule.parameter.allows(entry.key) {
                faults.report(
                    entry.keyRange, "\(Wording.quoted(entry.key)) cannot be the name of a variable",
                    expected: NameRule.parameter.description)
                isRight = false
            } else if parameters.contains(entry.key) {
                faults.report(
                    entry.keyRange, "the file has a parameter \(Wording.quoted(entry.key)) already", expected: "another name")
                isRight = false
            }
            guard let values = StageMatrix.values(entry, faults) else {
                isRight = false
                continue
            }
            variables.append(Variable(name: entry.key, values: values))
            product = product.multipliedReportingOverflow(by: values.count).overflow ? .max : product * values.count
            if product > StageMatrix.mostInstances {
                faults.report(
                    node.range, "the matrix comes to more than \(StageMatrix.mostInstances) instances", expected: "fewer values")
                return nil
            }
        }
        if !isRight { return nil }
    }

    private static func summary(of node: YAMLNode) -> String {
        switch node.content {
        case .mapping(let entries) where entries.isEmpty: "an empty mapping"
        case .sequence(let nodes) where nodes.isEmpty: "an empty list"
        default: node.summary
        }
    }

    private static func values(_ entry: YAMLEntry, _ faults: FaultLog) -> [Value]? {
        var values: [Value]? = []
        var labels: Set<String> = []
        func add(_ node: YAMLNode, label: String?, at range: Range<Int>) {
            if node.isFaulty { return values = nil }
            guard let scalar = node.scalar, scalar.value != .null else {
                faults.report(
                    node.range, "\(Wording.quoted(entry.key)) cannot have \(node.summary) as a value",
                    expected: "a text, a number, true or false")
                return values = nil
            }
            let name = label ?? scalar.text
            if !isLabel(name) {
                faults.report(
                    range, "\(Wording.quoted(name)) cannot be part of a stage's name",
                    expected: "1 to 40 of the characters A to Z, a to z, 0 to 9 and . _ + -"
                        + (label == nil ? ", or a mapping of such names to values" : ""))
                values = nil
            } else if !labels.insert(name).inserted {
                faults.report(range, "\(Wording.quoted(name)) is given twice", expected: "each value once")
                values = nil
            }
            let written = scalar.leading?.written ?? node.range.lowerBound
            let value = FileParameters.Value(
                content: node.content, isOverridden: scalar.leading?.isOverridden ?? false, written: written)
            values?.append(Value(label: name, value: value))
        }
        switch entry.value.content {
        case .sequence(let nodes) where !nodes.isEmpty:
            for node in nodes { add(node, label: nil, at: node.range) }
        case .mapping(let entries) where !entries.isEmpty:
            for entry in entries { add(entry.value, label: entry.key, at: entry.keyRange) }
        case .faulty: return nil
        default:
            faults.report(
                entry.value.range, "\(Wording.quoted(entry.key)) cannot be \(summary(of: entry.value))",
                expected: "a list of values, or a mapping of names to values")
            return nil
        }
        return values
    }

    /// Characters that no shell, reference or locator takes for more than a letter.
    private static func isLabel(_ text: String) -> Bool {
        1...40 ~= text.utf8.count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// All combinations; the last variable changes first.
    func instances(of stage: String) -> [Instance] {
        var out = [Instance(name: stage, labels: [:], values: [:])]
        for (index, variable) in variables.enumerated() {
            out = out.flatMap { instance in
                variable.values.map { value in
                    var next = instance
                    next.name += (index == 0 ? "@" : ",") + value.label
                    next.labels[variable.name] = value.label
                    next.values[variable.name] = value.value
                    return next
                }
            }
        }
        return out
    }
}
