import HeadwaterModel
import HeadwaterPluginKit

/// Takes answers of the network apart as files are: what was answered lies in a file without a name while that is done.
extension Opening {
    /// Sources that one answer may hold: they are all of one partition, whose records are held in memory together.
    static let mostParts = 100_000

    /// Hands over what an answer holds, in the order of the locators.
    ///
    /// - Returns: false for an answer that is not what was thought, and so one source as it is.
    func open(
        _ answer: RetrievedSource, as format: ContainerFormat, limit: Int = mostParts,
        _ take: (Container, Retrieved) throws -> Void
    ) throws -> Bool {
        do {
            let file = try OpenFile(
                answer.bytes(), temporaryIn: OpenFile.temporaryFolder, as: Array(answer.locator.utf8))
            guard let parts = try parts(of: answer, in: file, format, limit: limit) else { return false }
            let reader = MemberReader(limits: listing.limits, only: file)
            let type = answer.facts[MemberFact.contentType].flatMap { Opening.says($0) ? $0 : nil }
            try parts.forEach { found in
                guard case .member(let member) = found.place, let container = found.container else { return }
                var part = try reader.read(member)
                // What is said of a text that is only compressed is said of the text.
                if format.content == .single, let type { part.facts[MemberFact.contentType] = type }
                try take(container, part)
            }
            return true
        } catch let fault as SystemFault {
            throw StageError(
                "'\(answer.locator)' cannot be taken apart: no copy of it in \(OpenFile.temporaryFolder) can be written or read: "
                    + "\(fault.reason); name another folder with TMPDIR", parameter: "from")
        }
    }

    /// Nil for what is one source as it is.
    private func parts(
        of answer: RetrievedSource, in file: OpenFile, _ format: ContainerFormat, limit: Int
    ) throws -> FoundSources? {
        let whole = FoundSource(locator: answer.locator, place: .request(url: answer.locator), size: file.stamp.size)
        var list = FoundSourceList()
        var repeats = RepeatedLocators()
        var isOpened = true
        var beyond: Member?
        try listing.list(whole, file, format: format) { part in
            guard case .member(let member) = part.place else {
                isOpened = false
                return
            }
            if list.count == limit {
                beyond = beyond ?? member
                return
            }
            repeats.note(part.locator)
            try list.append(part)
        }
        guard isOpened else { return nil }
        if var member = beyond {
            member.facts = [
                MemberFact.fault: "too-large",
                MemberFact.message:
                    "it holds more than \(limit) sources, and only so many of an answer are taken up; keep it as a file and name that in 'from'",
            ]
            try list.append(
                FoundSource(locator: answer.locator + "!/further", place: .member(member), size: 0))
        }
        return try repeats.numbered(try list.sorted())
    }

    /// Whether a server's word says of what type the text is that it keeps compressed.
    private static func says(_ contentType: String) -> Bool {
        ContentType(contentType).essence.map { !MediaType.saysNothing($0) && MediaType.isText($0) } ?? false
    }
}
