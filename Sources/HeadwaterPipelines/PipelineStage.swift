public import HeadwaterModel

/// One stage of a pipeline: a plugin with all its parameters, and the stages that it takes records from.
public struct PipelineStage: Sendable {
    public let name: String
    public let declaration: PluginDeclaration
    /// Which instance of a stage with a matrix it is; nil for a stage without one.
    public let matrix: Instance?
    /// In the order in which the plugin declares its roles; without the optional ones that are not connected.
    public let inputs: [Input]
    /// Complete: the file's values and the defaults for the rest.
    public let parameters: Parameters
    /// The elements of each parameter that lists paths, with the folder that a relative one counts from.
    public let places: [String: [Place]]
    /// What its tasks may take, and how often each is tried.
    public let policy: TaskPolicy
    /// Where the file names the stage.
    public let position: SourcePosition
    let parameterPositions: [String: ParameterPosition]

    /// The name of the plugin.
    public var plugin: String { declaration.name }

    /// One instance of a stage with a matrix.
    public struct Instance: Sendable, Hashable {
        /// The name that the file gives.
        public var stage: String
        /// What stands for the value of each variable in the instance's name.
        public var values: [String: String]
    }

    /// A stage whose records come in under a role.
    public struct Input: Sendable, Hashable {
        public var role: String
        public var stage: String
    }

    /// A path, glob or URL as it is written, substitutions made.
    public struct Place: Sendable, Hashable {
        public var text: String
        /// The absolute folder that the text counts from if it is a relative path.
        public var base: String
    }

    struct ParameterPosition: Sendable {
        var value: SourcePosition
        var elements: [SourcePosition]
    }

    /// Where the file gives a parameter, or one element of a list; where it names the stage if it does not give it.
    public func position(of parameter: String, element: Int? = nil) -> SourcePosition {
        guard let known = parameterPositions[parameter] else { return position }
        guard let element, known.elements.indices.contains(element) else { return known.value }
        return known.elements[element]
    }
}
