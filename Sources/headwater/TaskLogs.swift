import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// Shows what tasks wrote to standard error when they were carried out, for `log --task`.
struct TaskLogs {
    let history: History
    let asJSON: Bool

    /// - Parameter reference: `STAGE`, `PIPELINE/STAGE`, or the first digits of a task key.
    func show(_ reference: String) throws {
        let isKey = reference.hasPrefix(Digest.prefix)
        let parts = reference.split(separator: "/", maxSplits: 1).map(String.init)
        let stage = parts.last ?? reference
        let pipeline = parts.count > 1 ? parts.first : nil
        var wanted: [(stage: String, task: TaskEntry)] = []
        var missing: Set<Digest> = []
        var latest: RunManifest?
        // The latest run says which tasks there are; one that was a hit was carried out, and said something, in an earlier one.
        let unreadable = try history.forEachRun { run in
            if let pipeline, run.pipeline != pipeline { return true }
            for kept in run.stages where isKey || kept.name == stage {
                for task in (try? history.tasks(of: kept)) ?? [] {
                    if isKey ? task.key.description.hasPrefix(reference) : latest == nil || latest?.id == run.id {
                        if !wanted.contains(where: { $0.task.key == task.key }) {
                            wanted.append((kept.name, task))
                            if task.isHit && task.log == nil { missing.insert(task.key) }
                        }
                    }
                    if missing.contains(task.key), !task.isHit {
                        missing.remove(task.key)
                        if let index = wanted.firstIndex(where: { $0.task.key == task.key }) { wanted[index].task.log = task.log }
                    }
                }
                if !isKey, latest == nil { latest = run }
            }
            for failure in run.failures where !isKey && failure.stage == stage && (latest == nil || latest?.id == run.id) {
                latest = latest ?? run
                if let log = failure.log { try show(stage: failure.stage, task: failure.task, log: log) }
            }
            return wanted.isEmpty || !missing.isEmpty
        }
        for run in unreadable { Console.warning(VisibleText.of("\(run)")) }
        guard !wanted.isEmpty || latest != nil else {
            throw CommandFault(
                isKey
                    ? "no run that is kept has a task with the key \(reference)" : "no run that is kept has a stage \(reference)")
        }
        var said = 0
        for (stage, task) in wanted {
            guard let log = task.log else { continue }
            said += 1
            let place = task.partition.isEmpty ? "" : " of \(task.partition)"
            try show(stage: stage, task: "\(task.phase.rawValue)\(place)", log: log)
        }
        if said == 0, !asJSON { Console.plain("none of \(counted(wanted.count, "task")) wrote anything to standard error") }
    }

    /// `{"stage":…,"task":…,"log":…,"text":…}`
    private func show(stage: String, task: String, log: Digest) throws {
        let text = String(decoding: try history.store.blob(log), as: UTF8.self)
        if asJSON {
            let line: JSON = [
                "stage": .string(stage), "task": .string(task), "log": .string(log.description), "text": .string(text),
            ]
            return Console.line(line.description)
        }
        Console.line(Style.standardOutput.bold(VisibleText.of("\(stage), \(task)")))
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(text.hasSuffix("\n") ? 1 : 0) {
            Console.line("  " + VisibleText.of(String(line)))
        }
    }
}
