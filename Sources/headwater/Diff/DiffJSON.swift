import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// What differs between runs or artifacts, as JSON: an object with the counts, and then one for each difference, a line each. One record is in
/// memory at a time.
struct DiffJSON {
    let store: Store

    func show(_ difference: RunDifference) throws {
        func run(_ run: RunManifest) -> JSON {
            [
                "run": .string(run.id.description), "pipeline": .string(run.pipeline), "started": .integer(run.started),
                "state": .string(run.state.rawValue),
            ]
        }
        let head: JSON = [
            "before": run(difference.before), "after": run(difference.after), "equal": .bool(difference.isEqual),
            "fileDiffers": .bool(difference.hasOtherFile), "stages": .array(difference.stages.map(summary)),
            "publications": .array(difference.publications.map(json)),
        ]
        Console.line(head.description)
        for stage in difference.stages { try list(stage) }
    }

    func show(_ stage: StageDifference) throws {
        Console.line(summary(stage).description)
        try list(stage)
    }

    /// `{"stage","different","before","after","causes":[…],"records":{…},"sharedShards","drops":{…},"notes":{…},"files"}`
    func summary(_ stage: StageDifference) -> JSON {
        var members: [String: JSON] = [
            "stage": .string(stage.name), "different": .bool(stage.isDifferent), "causes": .array(stage.causes.map(\.json)),
        ]
        members["before"] = stage.before?.artifact.map { .string($0.description) }
        members["after"] = stage.after?.artifact.map { .string($0.description) }
        switch stage.content {
        case .records(let difference):
            members["records"] = .object(
                Dictionary(uniqueKeysWithValues: RecordChange.Kind.allCases.map { ($0.rawValue, .integer(difference.count($0))) })
            )
            members["sharedShards"] = .integer(difference.sharedShards)
            for (name, side) in [("drops", difference.drops), ("notes", difference.notes)] {
                members[name] = [
                    "appeared": .integer(side.appeared.count), "vanished": .integer(side.vanished.count),
                    "changed": .integer(side.changed.count),
                ]
            }
        case .files(let difference): members["files"] = .integer(difference.changes.count)
        case .equal, .different, .incomparable: break
        }
        return .object(members)
    }

    private func list(_ stage: StageDifference) throws {
        switch stage.content {
        case .equal, .different, .incomparable: return
        case .files(let difference):
            for change in difference.changes {
                var members: [String: JSON] = ["stage": .string(stage.name), "path": .string(change.path)]
                members["before"] = DiffJSON.json(change.before)
                members["after"] = DiffJSON.json(change.after)
                Console.line(JSON.object(members).description)
            }
        case .records(let difference):
            for source in difference.sources { Console.line(DiffJSON.json(source, stage.name).description) }
            var reader = RecordChangeReader(difference, store: store)
            for change in difference.changes {
                Console.line(DiffJSON.json(change, try reader.records(of: change), difference, stage.name).description)
            }
            for (name, side) in [("drop", difference.drops), ("note", difference.notes)] {
                for line in side.appeared { Console.line(DiffJSON.json(stage.name, "appeared", name, line).description) }
                for line in side.vanished { Console.line(DiffJSON.json(stage.name, "vanished", name, line).description) }
                for (before, after) in side.changed {
                    Console.line(DiffJSON.json(stage.name, "changed", name, ["before": before, "after": after]).description)
                }
            }
        }
    }

    private static func json(_ stage: String, _ change: String, _ name: String, _ content: JSON) -> JSON {
        .object(["stage": .string(stage), "change": .string(change), name: content])
    }

    private static func json(_ source: DatasetDifference.SourceChange, _ stage: String) -> JSON {
        func side(_ locator: String?, _ digest: Digest?) -> JSON? {
            guard let locator else { return nil }
            var members: [String: JSON] = ["locator": .string(locator)]
            members["digest"] = digest.map { .string($0.description) }
            return .object(members)
        }
        var members: [String: JSON] = ["stage": .string(stage), "source": .string(source.kind.rawValue)]
        members["before"] = side(source.locatorBefore, source.before)
        members["after"] = side(source.locatorAfter, source.after)
        return .object(members)
    }

    private static func json(
        _ change: RecordChange, _ records: (before: Record?, after: Record?), _ difference: DatasetDifference, _ stage: String
    ) -> JSON {
        func side(_ side: RecordChange.Side?, _ record: Record?, _ isAfter: Bool) -> JSON? {
            guard let side, let record else { return nil }
            var members: [String: JSON] = [
                "id": .string(side.id.description), "number": .integer(difference.number(side.place, isAfter: isAfter) + 1),
            ]
            members["locator"] = record.fields["locator"]
            return .object(members)
        }
        var members: [String: JSON] = ["stage": .string(stage), "change": .string(change.kind.rawValue)]
        members["kind"] = (records.after ?? records.before).map { .string($0.kind) }
        members["before"] = side(change.before, records.before, false)
        members["after"] = side(change.after, records.after, true)
        members["why"] = change.fate?.json
        if let before = records.before, let after = records.after {
            members.merge(RecordDifference(before, after).json.object ?? [:]) { own, _ in own }
        }
        return .object(members)
    }

    private static func json(_ kind: FileTree.Kind?) -> JSON? {
        switch kind {
        case nil: nil
        case .folder?: ["kind": "folder"]
        case .link(let target)?: ["kind": "link", "target": .string(target)]
        case .file(let file)?:
            [
                "kind": "file", "digest": .string(file.digest.description), "bytes": .integer(file.byteCount),
                "executable": .bool(file.isExecutable),
            ]
        }
    }

    private func json(_ publication: PublicationDifference) -> JSON {
        var members: [String: JSON] = [
            "name": .string(publication.name),
            "files": .array(
                publication.files.map { file in
                    var members: [String: JSON] = [:]
                    if !file.path.isEmpty { members["path"] = .string(file.path) }
                    members["before"] = file.before.map { .string($0.description) }
                    members["after"] = file.after.map { .string($0.description) }
                    if let lines = file.lines {
                        members["firstLine"] = .integer(lines.firstLine + 1)
                        members["firstByte"] = .integer(lines.firstByte)
                        members["hunks"] = .array(lines.difference.hunks.map { $0.json(lines.before, lines.after) })
                    }
                    return .object(members)
                }),
        ]
        members["before"] = publication.before.map { .string($0.path) }
        members["after"] = publication.after.map { .string($0.path) }
        return .object(members)
    }
}
