public import HeadwaterModel

/// Pipeline files as JSON Schema (draft 2020-12), for editors: what this program checks itself, and better.
public enum PipelineSchema {
    /// - Parameter plugins: all that a stage may name.
    public static func document(_ plugins: [PluginDeclaration]) -> JSON {
        let plugins = plugins.sorted { $0.name < $1.name }
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Headwater pipeline",
            "type": "object",
            "required": ["headwater", "name", "stages"],
            "properties": [
                "headwater": ["const": .integer(PipelineReader.formatVersion), "description": "The version of this format."],
                "name": ["type": "string", "pattern": .string(namePattern), "description": "The name of the pipeline."],
                "parameters": [
                    "type": "object", "description": "Values that ${name} stands for, and that --set changes.",
                    "propertyNames": ["pattern": "^[A-Za-z0-9_-]{1,100}$"],
                ],
                "include": ["description": "Files whose parameters, stages and publications belong to this one."],
                "defaults": [
                    "type": ["object", "null"], "description": "What holds for every stage that does not say otherwise.",
                ],
                "stages": [
                    "type": "object", "minProperties": 1, "propertyNames": ["pattern": .string(namePattern)],
                    "additionalProperties": stage(plugins),
                ],
                "publish": [
                    "type": ["object", "null"], "propertyNames": ["pattern": .string(namePattern)],
                    "additionalProperties": ["type": "object", "required": ["from", "to"]],
                ],
            ],
        ]
    }

    /// A plugin's parameters as the schema of a mapping.
    public static func parameters(of plugin: PluginDeclaration) -> JSON {
        var properties: [String: JSON] = [:]
        for parameter in plugin.parameters {
            var members = parameter.type.schema.object ?? [:]
            if !parameter.help.isEmpty { members["description"] = .string(parameter.help) }
            if let value = parameter.defaultValue, value != .null { members["default"] = value }
            // `null` means "as if it were not there"; `${…}` may stand for any value.
            properties[parameter.name] = [
                "anyOf": [.object(members), ["type": "null"], ["type": "string", "pattern": "\\$\\{"]]
            ]
        }
        var schema: [String: JSON] = [
            "type": ["object", "null"], "additionalProperties": false, "properties": .object(properties),
        ]
        let required = plugin.parameters.filter { $0.defaultValue == nil }.map { JSON.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        return .object(schema)
    }

    private static let namePattern = "^[a-z0-9-]{1,100}$"

    /// Which parameters a stage takes depends on its plugin, where it names one.
    private static func stage(_ plugins: [PluginDeclaration]) -> JSON {
        [
            "type": ["object", "null"],
            "properties": [
                "plugin": ["enum": .array(plugins.map { .string($0.name) } + [.null])],
                "needs": ["description": "The stages whose records it takes."],
                "with": ["type": ["object", "null"], "description": "The plugin's parameters."],
            ],
            "allOf": .array(
                plugins.map { plugin in
                    [
                        "if": ["properties": ["plugin": ["const": .string(plugin.name)]], "required": ["plugin"]],
                        "then": ["properties": ["with": parameters(of: plugin)]],
                    ]
                }),
        ]
    }
}
