/// A stage's parameters, complete: what the pipeline file gives, and the defaults for the rest. Values are already
/// checked against the plugin's declaration.
public struct Parameters: Sendable, Equatable {
    public let values: [String: JSON]

    public init(values: [String: JSON]) { self.values = values }

    /// The given values, completed from the declared defaults.
    public init(_ given: [String: JSON], declared: [ParameterDeclaration]) {
        var values = given
        for parameter in declared where (values[parameter.name] ?? .null) == .null {
            values[parameter.name] = parameter.defaultValue
        }
        self.values = values
    }

    public func bool(_ name: String) -> Bool { values[name]?.bool ?? false }
    public func integer(_ name: String) -> Int { values[name]?.integer ?? 0 }
    public func decimal(_ name: String) -> Double { values[name]?.decimal ?? 0 }
    public func text(_ name: String) -> String { values[name]?.string ?? "" }
    public func texts(_ name: String) -> [String] { values[name]?.array?.compactMap(\.string) ?? [] }
}
