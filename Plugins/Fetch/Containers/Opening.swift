import Glibc
import HeadwaterPluginKit

/// Opens the files among what was found, and gives each source in them a locator of its own.
struct Opening {
    let listing: MemberListing

    /// The same sources with what files hold in the place of the files.
    func opened(_ found: FoundSources) throws -> FoundSources {
        guard try holdsContainer(found) else { return found }
        var list = FoundSourceList()
        var repeats = RepeatedLocators()
        try found.forEach { source in
            guard case .file(let path, _) = source.place, let format = ContainerFormat(name: PathText.split(path).name) else {
                repeats.note(source.locator)
                return try list.append(source)
            }
            do {
                try listing.list(source, try OpenFile(path), format: format) { member in
                    repeats.note(member.locator)
                    try list.append(member)
                }
            } catch let fault as SystemFault {
                throw StageError(
                    "\(PathText.shown(path)) cannot be read: \(fault.reason); \(Exclusions.element(leavingOut: path)) leaves it out",
                    parameter: "from")
            }
        }
        // Equal names stay in the order of their files, so that numbers for them are always the same.
        return try repeats.numbered(try list.sorted())
    }

    private func holdsContainer(_ found: FoundSources) throws -> Bool {
        var isFound = false
        try found.elements.forEach { element in
            guard !isFound, let path = try FoundSources.path(element) else { return }
            isFound = ContainerFormat(name: path[((path.lastIndex(of: PathText.slash) ?? -1) + 1)...]) != nil
        }
        return isFound
    }
}

/// Gives the second and further ones of equal locators a number.
struct RepeatedLocators {
    /// The locators that look as if they had one. There are few, unless somebody has them look so.
    private var taken: Set<String> = []

    mutating func note(_ locator: String) {
        guard let mark = locator.utf8.lastIndex(of: UInt8(ascii: "~")), locator.utf8.index(after: mark) < locator.utf8.endIndex,
            locator.utf8[locator.utf8.index(after: mark)...].allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return }
        taken.insert(locator)
    }

    mutating func numbered(_ sorted: FoundSources) throws -> FoundSources {
        guard try hasRepeats(sorted) else { return sorted }
        var list = FoundSourceList()
        var last: String?
        var number = 1
        try sorted.forEach { source in
            var source = source
            if let name = last, name.utf8.elementsEqual(source.locator.utf8) {
                repeat { number += 1 } while !taken.insert("\(name)~\(number)").inserted
                source.locator = "\(name)~\(number)"
            } else {
                (last, number) = (source.locator, 1)
            }
            try list.append(source)
        }
        return try list.sorted()
    }

    private func hasRepeats(_ sorted: FoundSources) throws -> Bool {
        var last: [UInt8]?
        var isFound = false
        try sorted.elements.forEach { element in
            isFound = isFound || last?.elementsEqual(element.key) ?? false
            last = Array(element.key)
        }
        return isFound
    }
}
