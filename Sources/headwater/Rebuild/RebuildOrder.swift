import Foundation
import HeadwaterModel

/// What the process that executes again is to do: a document, handed over as a file in the private folder.
struct RebuildOrder {
    /// Where the sources come from.
    enum Origin: String {
        /// Of the store, as the run recorded them.
        case recorded
        /// Of the file system, found again; answers of the network as they are kept.
        case originals
        /// The same, for a pipeline file as it is and parameters that a lock file names.
        case locked
    }

    var origin: Origin
    /// An absolute path; nil where there is no store.
    var store: String?
    /// The manifest of the run; nil for a lock file.
    var run: Digest?
    /// The pipeline file, or where it would lie.
    var pipeline: String
    var pluginFolders: [String]
    /// Of a lock file.
    var parameters: [String: JSON] = [:]
    /// The environment variables that plugins declare, as they were.
    var environment: [String: String]
    var conditions: RebuildConditions

    static let name = "order.json"
    static let answerName = "answer.json"

    var json: JSON {
        [
            "origin": .string(origin.rawValue), "store": store.map { .string($0) } ?? .null,
            "run": run.map { .string($0.description) } ?? .null, "pipeline": .string(pipeline),
            "pluginFolders": .array(pluginFolders.map { .string($0) }), "parameters": .object(parameters),
            "environment": .object(environment.mapValues { .string($0) }), "conditions": conditions.json,
        ]
    }

    init(
        _ origin: Origin, store: String?, run: Digest?, pipeline: String, pluginFolders: [String], environment: [String: String],
        conditions: RebuildConditions
    ) {
        (self.origin, self.store, self.run, self.pipeline) = (origin, store, run, pipeline)
        (self.pluginFolders, self.environment, self.conditions) = (pluginFolders, environment, conditions)
    }

    init(json: JSON) throws {
        guard let origin = json["origin"]?.string.flatMap(Origin.init), let pipeline = json["pipeline"]?.string,
            let conditions = json["conditions"].flatMap(RebuildConditions.init)
        else { throw CommandFault("this is no order for a rebuild; headwater rebuild writes one") }
        self.init(
            origin, store: json["store"]?.string, run: json["run"]?.string.flatMap { Digest($0) }, pipeline: pipeline,
            pluginFolders: (json["pluginFolders"]?.array ?? []).compactMap(\.string),
            environment: (json["environment"]?.object ?? [:]).compactMapValues(\.string), conditions: conditions)
        parameters = json["parameters"]?.object ?? [:]
    }
}

/// Under which circumstances a pipeline is executed again: others than most machines have, so that what depends on them shows.
struct RebuildConditions {
    var timeZone: String
    var locale: String
    /// Octal.
    var umask: Int
    var jobs: Int
    /// Of the order in which tasks start that could start together.
    var seed: Int
    /// Whether the kernel keeps the process from the network and from writing outside the private folder.
    var isConfined = false

    /// Others than those of this process.
    /// - Parameter number: tells several executions apart.
    init(jobs: Int?, seed: Int?, number: Int = 0) {
        let environment = ProcessInfo.processInfo.environment
        // No whole hour from any other zone; and letters whose cases are not those of other languages.
        let zones: [String] = ["Asia/Kathmandu", "America/St_Johns", "Australia/Eucla"].filter { zone in zone != environment["TZ"]
        }
        let locales: [String] = ["tr_TR.UTF-8", "lt_LT.UTF-8"].filter { locale in
            locale != environment["LC_ALL"] && locale != environment["LANG"]
        }
        timeZone = zones[number % zones.count]
        locale = locales[number % locales.count]
        let masks = [0o027, 0o077, 0o002].filter { $0 != RebuildConditions.currentUmask }
        umask = masks[number % masks.count]
        self.jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount + 1 + number
        var generator = SystemRandomNumberGenerator()
        self.seed = seed.map { $0 + number } ?? Int(generator.next() >> 33)
    }

    private static let currentUmask: Int = {
        let mask = Foundation.umask(0)
        _ = Foundation.umask(mask)
        return Int(mask)
    }()

    var json: JSON {
        [
            "timeZone": .string(timeZone), "locale": .string(locale), "umask": .string(String(umask, radix: 8)),
            "jobs": .integer(jobs), "seed": .integer(seed), "confined": .bool(isConfined),
        ]
    }

    init?(json: JSON) {
        guard let zone = json["timeZone"]?.string, let locale = json["locale"]?.string,
            let mask = json["umask"]?.string.flatMap({ Int($0, radix: 8) }), let jobs = json["jobs"]?.integer,
            let seed = json["seed"]?.integer
        else { return nil }
        (timeZone, self.locale, umask, self.jobs, self.seed) = (zone, locale, mask, jobs, seed)
        isConfined = json["confined"]?.bool ?? false
    }
}

extension RebuildConditions: CustomStringConvertible {
    var description: String {
        "time zone \(timeZone), locale \(locale), umask \(String(umask, radix: 8)), \(counted(jobs, "job")), order \(seed), "
            + (isConfined ? "no network, nothing writable outside" : "not confined by bubblewrap")
    }
}
