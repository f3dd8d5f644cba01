import HeadwaterModel

/// The tables of the index, and the views that people ask in SQL.
enum IndexSchema {
    /// Raised when terms or signatures are made otherwise.
    private static let edition = 1

    /// Another whenever the tables, the views or the edition are: an index that was made before is made anew then.
    static let version = Int(
        Digest(of: Array("\(edition)\(tables)\(views)".utf8)).bytes.prefix(3).reduce(0) { $0 << 8 | UInt32($1) } | 1)

    /// Digests are blobs of 32 bytes. An *edition* is what one or several runs made of a stage: an artifact and the tasks it
    /// came from. Editions of a stage are numbered in the order in which they came here, and a *member*, a task with the
    /// shard it gave and where its sources lay, says from which to which it belongs: runs share nearly all of their tasks.
    static let tables = """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE run(
            id INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE, manifest BLOB NOT NULL, pipeline TEXT NOT NULL, state TEXT NOT NULL,
            started INTEGER NOT NULL, finished INTEGER NOT NULL, place INTEGER NOT NULL, parameters TEXT NOT NULL);
        CREATE TABLE series(
            id INTEGER PRIMARY KEY, pipeline TEXT NOT NULL, stage TEXT NOT NULL, UNIQUE(pipeline, stage));
        CREATE TABLE edition(
            id INTEGER PRIMARY KEY, series INTEGER NOT NULL, number INTEGER NOT NULL, artifact BLOB NOT NULL, list BLOB NOT NULL,
            kind TEXT NOT NULL, records INTEGER NOT NULL, bytes INTEGER NOT NULL, shards INTEGER NOT NULL,
            dropped INTEGER NOT NULL, tasks INTEGER NOT NULL, UNIQUE(series, artifact, list), UNIQUE(series, number));
        CREATE INDEX edition_artifact ON edition(artifact);
        CREATE TABLE stage(
            run INTEGER NOT NULL, position INTEGER NOT NULL, stage TEXT NOT NULL, plugin TEXT NOT NULL, version TEXT NOT NULL,
            parameters TEXT NOT NULL, inputs TEXT NOT NULL, edition INTEGER, list BLOB NOT NULL, executed INTEGER NOT NULL,
            hits INTEGER NOT NULL, PRIMARY KEY(run, position)) WITHOUT ROWID;
        CREATE INDEX stage_edition ON stage(edition);
        CREATE TABLE shard(
            id INTEGER PRIMARY KEY, digest BLOB NOT NULL, drops BLOB NOT NULL, records INTEGER NOT NULL, bytes INTEGER NOT NULL,
            unread INTEGER NOT NULL, UNIQUE(digest, drops));
        CREATE TABLE member(
            id INTEGER PRIMARY KEY, series INTEGER NOT NULL, phase TEXT NOT NULL, key BLOB, shard INTEGER,
            containers BLOB, partition TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER);
        CREATE INDEX member_series ON member(series, phase, first, last);
        CREATE INDEX member_shard ON member(shard) WHERE shard IS NOT NULL;
        CREATE INDEX member_key ON member(key);
        CREATE TABLE publication(
            run INTEGER NOT NULL, name TEXT NOT NULL, stage TEXT NOT NULL, format TEXT NOT NULL, path TEXT NOT NULL,
            file BLOB NOT NULL, map BLOB NOT NULL, PRIMARY KEY(run, name)) WITHOUT ROWID;
        CREATE INDEX publication_file ON publication(file);
        CREATE TABLE signature(
            id INTEGER PRIMARY KEY, first INTEGER NOT NULL, shards INTEGER NOT NULL, blocks INTEGER NOT NULL);
        CREATE TABLE problem(run TEXT NOT NULL, text TEXT NOT NULL);
        CREATE TABLE block(id INTEGER PRIMARY KEY, bits BLOB NOT NULL);
        """

    /// Bits of a block's number in its id, below the number of its signature.
    static let blockBits = 24

    static let views = """
        CREATE VIEW runs AS
            SELECT run, pipeline, state, strftime('%Y-%m-%dT%H:%M:%SZ', started / 1000, 'unixepoch') AS started,
                strftime('%Y-%m-%dT%H:%M:%SZ', finished / 1000, 'unixepoch') AS finished, parameters FROM run;
        CREATE VIEW stages AS
            SELECT run.run, run.pipeline, stage.stage, plugin, version, stage.parameters, inputs,
                'sha256:' || lower(hex(edition.artifact)) AS artifact, executed, hits
            FROM stage JOIN run ON run.id = stage.run LEFT JOIN edition ON edition.id = stage.edition;
        CREATE VIEW artifacts AS
            SELECT 'sha256:' || lower(hex(artifact)) AS artifact, pipeline, stage, kind, records, bytes, shards, dropped, tasks
            FROM edition JOIN series ON series.id = edition.series GROUP BY artifact, series;
        CREATE VIEW shards AS
            SELECT DISTINCT 'sha256:' || lower(hex(edition.artifact)) AS artifact, series.pipeline, series.stage,
                'sha256:' || lower(hex(shard.digest)) AS shard, member.partition, shard.records, shard.bytes,
                'sha256:' || lower(hex(member.key)) AS task
            FROM edition JOIN series ON series.id = edition.series
                JOIN member ON member.series = edition.series AND member.first <= edition.number
                    AND coalesce(member.last, 9223372036854775807) >= edition.number
                JOIN shard ON shard.id = member.shard;
        CREATE VIEW tasks AS
            SELECT run.run, run.pipeline, stage.stage, json_extract(task.value, '$.phase') AS phase,
                json_extract(task.value, '$.partition') AS partition, json_extract(task.value, '$.key') AS key,
                json_extract(task.value, '$.result') AS result, json_extract(task.value, '$.hit') AS hit,
                json_extract(task.value, '$.log') AS log
            FROM run JOIN stage ON stage.run = run.id JOIN json_each(stored_lines(stage.list)) AS task;
        CREATE VIEW publications AS
            SELECT run.run, run.pipeline, name, stage, format, path, 'sha256:' || lower(hex(file)) AS file
            FROM publication JOIN run ON run.id = publication.run;
        CREATE VIEW records AS
            SELECT shards.artifact, shards.pipeline, shards.stage, json_extract(record.value, '$.id') AS record,
                json_extract(record.value, '$.kind') AS kind, json_extract(record.value, '$.fields') AS fields,
                json_extract(record.value, '$.text') AS text, json_extract(record.value, '$.parents') AS parents
            FROM shards JOIN json_each(stored_lines(shards.shard)) AS record;
        CREATE VIEW sources AS
            SELECT shards.artifact, shards.pipeline, shards.stage, json_extract(record.value, '$.fields.locator') AS locator,
                json_extract(record.value, '$.sources[0]') AS source, json_extract(record.value, '$.fields.mediaType') AS mediaType,
                json_extract(record.value, '$.fields.charset') AS charset
            FROM shards JOIN json_each(stored_lines(shards.shard)) AS record
            WHERE EXISTS (SELECT 1 FROM stages WHERE stages.artifact = shards.artifact AND stages.inputs = '[]');
        CREATE VIEW derivations AS
            SELECT shards.artifact, shards.pipeline, shards.stage, json_extract(part.value, '$[0]') AS record,
                json_extract(part.value, '$[1]') AS kind, json_extract(part.value, '$[2]') AS start,
                json_extract(part.value, '$[3]') AS length, json_extract(part.value, '$[4]') AS source,
                json_extract(part.value, '$[5]') AS offset, json_extract(part.value, '$[6]') AS sourceLength,
                json_extract(part.value, '$[7]') AS mode
            FROM shards JOIN json_each(stored_derivations(shards.shard)) AS part;
        """
}
