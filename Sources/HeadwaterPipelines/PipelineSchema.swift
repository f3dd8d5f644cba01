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
            "required": ["headwater", "name"],
            "properties": [
                "headwater": ["const": .integer(PipelineReader.formatVersion), "description": "The version of this format."],
                "name": ["type": "string", "pattern": .string(namePattern), "description": "The name of the pipeline."],
                "parameters": [
                    "type": "object", "description": "Values that ${name} stands for, and that --set changes.",
                    "propertyNames": ["pattern": "^[A-Za-z0-9_-]{1,100}$"],
                ],
                "include": [
                    "type": ["string", "array", "null"], "items": ["type": "string"],
                    "description": "Files whose parameters, defaults, stages and publications belong to this one.",
                ],
                "defaults": [
                    "type": ["object", "null"], "description": "What holds for every stage that does not say otherwise.",
                    "additionalProperties": false, "properties": .object(policy.merging(["with": defaults(plugins)]) { $1 }),
                ],
                "stages": [
                    "type": "object", "minProperties": 1, "propertyNames": ["pattern": .string(namePattern)],
                    "additionalProperties": stage(plugins),
                ],
                "publish": [
                    "type": ["object", "null"], "propertyNames": ["pattern": .string(namePattern)],
                    "additionalProperties": publication,
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

    /// How tasks are tried, and what they may take.
    private static let policy: [String: JSON] = [
        "retry": [
            "description": "How often a task is tried again after a failure that may pass.",
            "anyOf": [
                ["type": ["integer", "string", "null"]],
                [
                    "type": "object", "required": ["times"], "additionalProperties": false,
                    "properties": ["times": [:], "delay": [:]],
                ],
            ],
        ],
        "timeout": ["type": ["string", "null"], "description": "How long one try of a task may take, such as 30s or 5m."],
        "resources": [
            "type": ["object", "null"], "additionalProperties": false,
            "properties": [
                "memory": ["type": ["string", "null"], "description": "How much memory one task may take, such as 2GiB."],
                "slots": ["type": ["integer", "string", "null"], "description": "How many of --jobs one task takes."],
            ],
        ],
    ]

    private static func defaults(_ plugins: [PluginDeclaration]) -> JSON {
        [
            "type": ["object", "null"], "description": "Parameters by plugin.",
            // What is required may stand at each stage.
            "additionalProperties": false,
            "properties": .object(
                Dictionary(plugins.map { ($0.name, ["type": ["object", "null"]]) }, uniquingKeysWith: { first, _ in first })),
        ]
    }

    private static let publication: JSON = [
        "type": "object", "required": ["from", "to"], "additionalProperties": false,
        "properties": [
            "from": ["type": "string", "description": "The stage whose records are written."],
            "format": ["enum": .array(PublicationFormat.allCases.map { .string($0.name) } + [.null])],
            "notes": [
                "type": ["string", "null"], "description": "The kind of the notes that are written instead of the records.",
            ],
            "fields": [
                "type": ["array", "string", "null"], "description": "What of each record is written; of a page it makes a table.",
            ],
            "kinds": ["type": ["array", "string", "null"], "description": "Kinds of the records that are written."],
            "to": ["type": "string", "description": "The path of a file; of a folder if it ends in a slash."],
        ],
    ]

    /// Which parameters a stage takes depends on its plugin, where it names one.
    private static func stage(_ plugins: [PluginDeclaration]) -> JSON {
        [
            "type": ["object", "null"], "additionalProperties": false,
            "properties": .object(
                policy.merging([
                    "plugin": ["anyOf": [["enum": .array(plugins.map { .string($0.name) } + [.null])], ["pattern": "\\$\\{"]]],
                    "needs": ["description": "The stages whose records it takes."],
                    "with": ["type": ["object", "null"], "description": "The plugin's parameters."],
                    "matrix": [
                        "type": ["object", "null"], "additionalProperties": ["type": ["array", "object", "string"]],
                        "description": "Lists of values; the stage has an instance for each combination.",
                    ],
                ]) { $1 }),
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
