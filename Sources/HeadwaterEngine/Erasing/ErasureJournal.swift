import Foundation
import HeadwaterLineage
import HeadwaterModel

/// What an erasure is to do and how far it is: written before anything is changed, so that whoever comes next can finish it.
///
/// It names what is erased. It is the last thing that does, and goes when all else is done.
struct ErasureJournal {
    static let schema = "headwater.erasing/1"

    var salt: Salt
    var targets: ErasureTargets
    /// The runs that are concerned, the oldest first.
    var runs: [Part]
    /// Where the receipt is to be written.
    var receiptPath: String
    /// Whether runs that cannot be carried out again are forgotten, too.
    var forgetsFailing: Bool
    /// Salted, what must not come back.
    var suppression: Suppression
    /// Set once all runs are redone: from then on the old ones may be gone in part.
    var receipt: ErasureReceipt?
    /// Files and answers that held a target among other members; known once the receipt is.
    var containers: Set<ErasureTargets.Version> = []

    /// What becomes of one run.
    struct Part {
        var run: RunID
        /// Of its manifest.
        var digest: Digest
        /// The run that takes its place; nil if it is forgotten.
        var by: RunID?
    }

    /// The manifests that do not stay.
    var gone: Set<Digest> { Set(runs.map(\.digest)) }

    var bytes: [UInt8] {
        func list(_ versions: Set<ErasureTargets.Version>) -> JSON {
            .array(versions.sorted().map { [.string($0.locator), $0.digest.map { .string($0.description) } ?? .null] })
        }
        var members: [String: JSON] = [
            "schema": .string(ErasureJournal.schema), "salt": .string(salt.description),
            "named": list(targets.named), "copies": list(targets.copies), "containers": list(containers),
            "publications": list(targets.publications),
            "locators": .array(
                targets.locators.map { String(decoding: $0, as: UTF8.self) }.sorted().map { .string($0) }),
            "digests": .array(targets.digests.sorted().map { .string($0.description) }),
            "runs": .array(
                runs.map { part in
                    [
                        "run": .string(part.run.description), "manifest": .string(part.digest.description),
                        "by": part.by.map { .string($0.description) } ?? .null,
                    ]
                }),
            "receiptPath": .string(receiptPath), "forgetsFailing": .bool(forgetsFailing), "suppression": suppression.json,
        ]
        if let receipt { members["receipt"] = receipt.json }
        return JSON.object(members).canonical
    }

    init(
        salt: Salt, targets: ErasureTargets, runs: [Part], receiptPath: String, forgetsFailing: Bool, suppression: Suppression
    ) {
        self.salt = salt
        self.targets = targets
        self.runs = runs
        self.receiptPath = receiptPath
        self.forgetsFailing = forgetsFailing
        self.suppression = suppression
    }

    init(reading bytes: [UInt8]) throws {
        let json = try JSON(parsing: bytes)
        guard json["schema"]?.string == ErasureJournal.schema, let salt = json["salt"]?.string.flatMap({ Salt($0) }),
            let path = json["receiptPath"]?.string, let suppression = json["suppression"]
        else { throw DocumentError("the journal of an erasure is of another schema than \(ErasureJournal.schema)") }
        func versions(_ name: String) throws -> Set<ErasureTargets.Version> {
            try Set(
                (json[name]?.array ?? []).map { pair in
                    guard let parts = pair.array, parts.count == 2, let locator = parts[0].string else {
                        throw DocumentError("the journal of an erasure: expected [locator, digest] in \"\(name)\"")
                    }
                    return ErasureTargets.Version(locator: locator, digest: parts[1].string.flatMap { Digest($0) })
                })
        }
        let targets = ErasureTargets(
            named: try versions("named"), copies: try versions("copies"), publications: try versions("publications"),
            locators: (json["locators"]?.array ?? []).compactMap(\.string),
            digests: Set((json["digests"]?.array ?? []).compactMap { $0.string.flatMap { Digest($0) } }))
        let runs = try (json["runs"]?.array ?? []).map { part -> Part in
            guard let run = part["run"]?.string.flatMap({ RunID($0) }),
                let digest = part["manifest"]?.string.flatMap({ Digest($0) })
            else { throw DocumentError("the journal of an erasure: expected a run with its manifest, found \(part)") }
            return Part(run: run, digest: digest, by: part["by"]?.string.flatMap { RunID($0) })
        }
        self.init(
            salt: salt, targets: targets, runs: runs, receiptPath: path, forgetsFailing: json["forgetsFailing"]?.bool ?? false,
            suppression: try Suppression(json: suppression))
        containers = try versions("containers")
        receipt = try json["receipt"].map { try ErasureReceipt(json: $0) }
    }
}
