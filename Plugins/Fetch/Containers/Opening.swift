import HeadwaterPluginKit

/// Opens the files among what was found, and gives each source in them a locator of its own.
struct Opening {
    let listing: MemberListing

    /// The same sources with what files hold in the place of the files, sorted by locator.
    func opened(_ found: [FoundSource]) throws -> [FoundSource] {
        var out: [FoundSource] = []
        var isChanged = false
        for source in found {
            guard case .file(let path, _) = source.place, let format = ContainerFormat(name: PathText.split(path).name) else {
                out.append(source)
                continue
            }
            do {
                let members = try listing.sources(in: source, path: path, format: format)
                // A file may have millions, which are not to be there twice.
                if out.isEmpty { out = members } else { out += members }
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
        var order = out.indices.sorted { a, b in
            if Locator.precedes(out[a].locator, out[b].locator) { return true }
            return a < b && out[a].locator.utf8.elementsEqual(out[b].locator.utf8)
        }
        Opening.arrange(&out, in: &order)
        if Opening.number(&out) { out.sort { Locator.precedes($0.locator, $1.locator) } }
        return out
    }

    /// Puts `sources[order[index]]` in the place of each index, in place: cycle after cycle of the permutation.
    private static func arrange(_ sources: inout [FoundSource], in order: inout [Int]) {
        for start in order.indices where order[start] != start {
            let first = sources[start]
            var index = start
            while order[index] != start {
                let next = order[index]
                sources[index] = sources[next]
                order[index] = index
                index = next
            }
            sources[index] = first
            order[index] = index
        }
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
