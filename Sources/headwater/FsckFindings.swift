import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

extension Fsck {
    /// What reading all of a store found.
    struct Findings {
        let inspection: Inspection
        let harm: Harm
        let contradictions: [StoredContradiction]

        init(_ path: String) throws {
            inspection = try Store.inspect(at: path)
            let history = History(store: try Store.open(at: path, .read))
            let blobs = inspection.faults.compactMap { $0.isHarmless ? nil : $0.blob }
            damagedBlobs = Set(blobs)
            harm = try Harm(of: damagedBlobs, history: history)
            contradictions = try history.contradictions()
        }

        /// Blobs of which no copy is whole.
        let damagedBlobs: Set<Digest>

        /// Bindings of which no copy is whole, by their identities.
        var damagedBindings: Set<Digest> {
            Set(harmful.compactMap { if case .binding(let digest)? = $0.subject { digest } else { nil } })
        }

        var harmful: [StoreFault] { inspection.faults.filter { !$0.isHarmless } }

        /// Places that are named for one fault, and runs for one place.
        private static let mostNamed = 5

        func show(heading: String) {
            let style = Style.standardOutput
            for fault in inspection.faults {
                Console.line("\(style.bold(fault.isHarmless ? "flaw " : "fault")) \(VisibleText.of("\(fault)"))")
                guard let digest = fault.blob, !fault.isHarmless else { continue }
                let places = (harm.places[digest] ?? [:]).sorted { $0.key < $1.key }
                for (place, runs) in places.prefix(Findings.mostNamed) {
                    let named = runs.prefix(Findings.mostNamed).map { "run:\($0)" }.joined(separator: ", ")
                    let more = runs.count > Findings.mostNamed ? " and \(runs.count - Findings.mostNamed) more" : ""
                    Console.line("      harms \(VisibleText.of("\(place)")), \(named)\(more)")
                }
                if places.count > Findings.mostNamed {
                    Console.line("      and \(places.count - Findings.mostNamed) more places")
                }
                if places.isEmpty { Console.line("      no run that can be read needs it") }
            }
            for contradiction in contradictions {
                let results = contradiction.results.map(\.short).joined(separator: " and ")
                Console.line(
                    VisibleText.of(
                        "two results under one key: \(contradiction.phase) of the plugin \(contradiction.plugin), "
                            + "task key \(contradiction.key.short), \(results): "
                            + (contradiction.difference?.description ?? "where they differ cannot be told")))
            }
            let originals = inspection.originals > 0 ? "\(counted(inspection.originals, "original")), " : ""
            let count = inspection.faults.count
            let harmless = count - harmful.count
            Console.line(
                "\(counted(inspection.packs, "pack")), \(counted(inspection.blobFiles, "blob file")), "
                    + "\(counted(inspection.blobs, "blob")), \(counted(inspection.bindings, "binding")), "
                    + originals + "\(ByteCount.text(inspection.bytes)) read")
            let summary = count == 0 ? "no faults" : "\(counted(count, "fault")) \(heading)"
            Console.line(harmless > 0 ? "\(summary), \(harmless) of them harmless" : summary)
        }

        /// `{"packs","blobFiles","originals","blobs","bindings","bytes","faults":[{"path","offset","blob"|"original"|"binding","fact","harmless","harms":[{"pipeline","stage","role","runs"}]}],"contradictions":[…]}`
        var json: JSON {
            [
                "packs": .integer(inspection.packs), "blobFiles": .integer(inspection.blobFiles),
                "originals": .integer(inspection.originals),
                "blobs": .integer(inspection.blobs), "bindings": .integer(inspection.bindings),
                "bytes": .integer(inspection.bytes), "faults": .array(inspection.faults.map(json)),
                "contradictions": .array(
                    contradictions.map { contradiction in
                        [
                            "key": .string(contradiction.key.description), "plugin": .string(contradiction.plugin),
                            "phase": .string(contradiction.phase),
                            "results": .array(contradiction.results.map { .string($0.description) }),
                            "difference": contradiction.difference?.json ?? .null,
                        ]
                    }),
            ]
        }

        private func json(_ fault: StoreFault) -> JSON {
            var members: [String: JSON] = [
                "path": .string(fault.path), "fact": .string(fault.fact), "harmless": .bool(fault.isHarmless),
            ]
            if let offset = fault.offset { members["offset"] = .integer(offset) }
            let isOriginal = if case .original? = fault.subject { true } else { false }
            switch fault.subject {
            case .blob(let digest)?, .original(let digest)?:
                members[isOriginal ? "original" : "blob"] = .string(digest.description)
                members["harms"] = .array(
                    (harm.places[digest] ?? [:]).sorted { $0.key < $1.key }.map { place, runs in
                        [
                            "pipeline": .string(place.pipeline), "stage": .string(place.stage), "role": .string(place.role),
                            "runs": .array(runs.map { .string($0.description) }),
                        ]
                    })
            case .binding(let digest)?: members["binding"] = .string(digest.description)
            case nil: break
            }
            return .object(members)
        }
    }
}
