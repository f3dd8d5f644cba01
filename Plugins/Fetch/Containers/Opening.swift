import HeadwaterPluginKit

/// Opens the files among what was found, and gives each source in them a locator of its own.
struct Opening {
    let listing: MemberListing

    /// The same sources with what files hold in the place of the files, sorted by locator.
    func opened(_ found: [FoundSource]) throws -> [FoundSource] {
        var out: [FoundSource] = []
        out.reserveCapacity(found.count)
        var isChanged = false
        for source in found {
            guard case .file(let path, _) = source.place, let format = ContainerFormat(name: PathText.split(path).name) else {
                out.append(source)
                continue
            }
            do {
                out += try listing.sources(in: source, path: path, format: format)
            } catch let fault as SystemFault {
                throw StageError(
                    "\(PathText.shown(path)) cannot be read: \(fault.reason); \(Exclusions.element(leavingOut: path)) leaves it out",
                    parameter: "from")
            }
            isChanged = true
        }
        guard isChanged else { return found }
        if zip(out, out.dropFirst()).allSatisfy({ Locator.precedes($0.locator, $1.locator) }) { return out }
        // Equal names stay in the order of their files, so that numbers for them are always the same.
        let order = out.indices.sorted { a, b in
            if Locator.precedes(out[a].locator, out[b].locator) { return true }
            return a < b && out[a].locator.utf8.elementsEqual(out[b].locator.utf8)
        }
        var sorted = order.map { out[$0] }
        if Opening.number(&sorted) { sorted.sort { Locator.precedes($0.locator, $1.locator) } }
        return sorted
    }

    /// Gives the second and further ones of equal names a number. Returns whether there were any.
    private static func number(_ sorted: inout [FoundSource]) -> Bool {
        var isChanged = false
        var used: Set<String> = []
        var index = 1
        while index < sorted.count {
            guard sorted[index].locator.utf8.elementsEqual(sorted[index - 1].locator.utf8) else {
                index += 1
                continue
            }
            if used.isEmpty { used = Set(sorted.map(\.locator)) }
            let name = sorted[index].locator
            var number = 1
            while index < sorted.count, sorted[index].locator.utf8.elementsEqual(name.utf8) {
                repeat { number += 1 } while !used.insert("\(name)~\(number)").inserted
                sorted[index].locator = "\(name)~\(number)"
                index += 1
            }
            isChanged = true
        }
        return isChanged
    }
}
