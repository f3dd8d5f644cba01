import HeadwaterModel

/// Reads `retry`, `timeout` and `resources`, as a stage or the file's `defaults` have them.
struct PolicyReader {
    let faults: FaultLog

    static let keys = ["retry", "timeout", "resources"]

    /// What the file says; nil where it says nothing.
    struct Given {
        var retry: TaskPolicy.Retry?
        var timeout: Int?
        var memory: Int?
        var slots: Int?

        /// What holds for a stage that says this itself, in a file with these defaults.
        func policy(_ defaults: Given, of declaration: PluginDeclaration) -> TaskPolicy {
            // A default for all stages is meant for those that can heed it.
            let limits = declaration.hasOwnProcess ? defaults : Given()
            return TaskPolicy(
                retry: retry ?? defaults.retry ?? .none, timeout: timeout ?? limits.timeout, memory: memory ?? limits.memory,
                slots: slots ?? defaults.slots ?? 1)
        }
    }

    /// - Parameter declaration: the stage's plugin, which may be unable to heed a limit; nil for defaults and for a plugin
    ///   that is not known.
    func read(_ reader: MappingReader, of declaration: PluginDeclaration?) -> Given {
        var given = Given()
        given.retry = reader["retry"].flatMap(retry)
        if let node = reader["timeout"] {
            given.timeout = time(node, "timeout")
            refuse(node, "timeout", declaration)
        }
        if let node = reader["resources"],
            let resources = MappingReader(node, "\"resources\"", keys: ["memory", "slots"], faults)
        {
            if let node = resources["memory"] {
                given.memory = memory(node)
                refuse(node, "memory", declaration)
            }
            given.slots = resources["slots"].flatMap { count($0, "slots", within: 1...1024) }
        }
        return given
    }

    private func retry(_ node: YAMLNode) -> TaskPolicy.Retry? {
        guard case .mapping = node.content else {
            return count(node, "retry", within: 0...100, or: ", or a mapping with the keys times, delay").map { .init(times: $0) }
        }
        guard let reader = MappingReader(node, "\"retry\"", keys: ["times", "delay"], faults) else { return nil }
        guard let times = reader["times"] else {
            if reader.lacks("times") {
                faults.report(node.range, "\"retry\" does not say how often", expected: "a key \"times\" with a number")
            }
            return nil
        }
        let delay = reader["delay"].map { time($0, "delay") } ?? TaskPolicy.Retry.defaultDelay
        guard let times = count(times, "times", within: 0...100), let delay else { return nil }
        return TaskPolicy.Retry(times: times, delay: delay)
    }

    private func count(_ node: YAMLNode, _ key: String, within range: ClosedRange<Int>, or other: String = "") -> Int? {
        if node.isFaulty { return nil }
        guard let number = node.scalar?.value.integer, range.contains(number) else {
            faults.report(
                node.range, "\"\(key)\" cannot be \(node.summary)",
                expected: "a whole number from \(range.lowerBound) to \(range.upperBound)\(other)")
            return nil
        }
        return number
    }

    private func time(_ node: YAMLNode, _ key: String) -> Int? {
        value(node, key, UnitText.times, expected: "a time as a whole number with its unit, such as 500ms, 30s, 5m or 2h")
    }

    private func memory(_ node: YAMLNode) -> Int? {
        value(node, "memory", UnitText.sizes, expected: "a size as a whole number with its unit, such as 512MiB or 2GiB")
    }

    private func value(_ node: YAMLNode, _ key: String, _ units: [(name: String, size: Int)], expected: String) -> Int? {
        if node.isFaulty { return nil }
        guard let value = node.scalar?.value.string.flatMap({ UnitText.value(of: $0, in: units) }) else {
            faults.report(node.range, "\"\(key)\" cannot be \(node.summary)", expected: expected)
            return nil
        }
        return value
    }

    /// A limit that nobody could enforce is worse than none.
    private func refuse(_ node: YAMLNode, _ key: String, _ declaration: PluginDeclaration?) {
        guard let declaration, !declaration.hasOwnProcess else { return }
        faults.report(
            node.range,
            "the plugin \(Wording.quoted(declaration.name)) runs inside the program, where its tasks cannot be "
                + (key == "timeout" ? "stopped" : "held to a limit"),
            expected: "no \"\(key)\" here; stages of external plugins and commands can have one")
    }
}
