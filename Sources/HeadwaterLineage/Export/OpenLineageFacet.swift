import HeadwaterModel

/// The facets of OpenLineage that exports have, each in the version of its schema that is named with it.
enum OpenLineageFacet {
    /// Who tells: this version of Headwater.
    static var producer: String { QualifiedName(.program, "headwater", ProgramVersion.text).iri }

    /// - Parameter schema: version and name of the facet's schema, `1-2-0/ParentRunFacet`.
    static func facet(_ schema: String, _ members: [String: JSON]) -> JSON {
        let name = schema.split(separator: "/").last.map(String.init) ?? schema
        return .object(
            members.merging([
                "_producer": .string(producer),
                "_schemaURL": .string("https://openlineage.io/spec/facets/\(schema).json#/$defs/\(name)"),
            ]) { $1 })
    }

    // MARK: Datasets

    static func datasetType(_ subtype: String) -> JSON {
        facet("1-0-1/DatasetTypeDatasetFacet", ["datasetType": "JOB_OUTPUT", "subType": .string(subtype)])
    }

    static func version(_ digest: Digest) -> JSON {
        facet("1-0-1/DatasetVersionDatasetFacet", ["datasetVersion": .string(digest.description)])
    }

    static func dataSource(_ name: String, _ thing: QualifiedName?) -> JSON {
        var members: [String: JSON] = ["name": .string(name)]
        if let thing { members["uri"] = .string(thing.iri) }
        return facet("1-0-1/DatasourceDatasetFacet", members)
    }

    static func schema(_ columns: [(name: String, type: String)]) -> JSON {
        facet(
            "1-2-0/SchemaDatasetFacet",
            ["fields": .array(columns.map { ["name": .string($0.name), "type": .string($0.type)] })])
    }

    static func inputStatistics(files: Int) -> JSON {
        facet("1-0-0/InputStatisticsInputDatasetFacet", ["fileCount": .integer(files)])
    }

    static func outputStatistics(rows: Int?, size: Int, files: Int) -> JSON {
        var members: [String: JSON] = ["size": .integer(size), "fileCount": .integer(files)]
        if let rows { members["rowCount"] = .integer(rows) }
        return facet("1-0-2/OutputStatisticsOutputDatasetFacet", members)
    }

    // MARK: Column lineage

    static func columns(_ origins: [(dataset: String, column: String, isSame: Bool)]) -> JSON {
        [
            "inputFields": .array(
                origins.map {
                    input($0.dataset, $0.column, ["type": "DIRECT", "subtype": $0.isSame ? "IDENTITY" : "TRANSFORMATION"])
                })
        ]
    }

    static func columnLineage(_ fields: [String: JSON], influencedBy inputs: [(dataset: String, column: String)]) -> JSON {
        var members: [String: JSON] = ["fields": .object(fields)]
        if !inputs.isEmpty {
            members["dataset"] = .array(
                inputs.map {
                    input(
                        $0.dataset, $0.column,
                        ["type": "INDIRECT", "subtype": "CONDITIONAL", "description": "influence through a slice"])
                })
        }
        return facet("1-2-0/ColumnLineageDatasetFacet", members)
    }

    private static func input(_ dataset: String, _ column: String, _ transformation: JSON) -> JSON {
        [
            "namespace": .string(OpenLineageJob.namespace), "name": .string(dataset), "field": .string(column),
            "transformations": [transformation],
        ]
    }
}
