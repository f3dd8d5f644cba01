/// How one host is asked: how many requests are under way, and when the next may begin. Times in milliseconds.
struct HostPace {
    private(set) var active = 0
    /// When the next request may begin.
    private(set) var notBefore = 0
    /// What its `robots.txt` asks for between two requests, if that is more than the settings do.
    private var delay = 0

    func mayStart(_ now: Int, perHost: Int) -> Bool { active < perHost && now >= notBefore }

    mutating func start(_ now: Int, delay settings: Int) {
        active += 1
        notBefore = max(notBefore, now + max(delay, settings))
    }

    mutating func end() { active -= 1 }

    /// The site wants at least so long between two requests.
    mutating func slow(to delay: Int) { self.delay = max(self.delay, delay) }

    /// The host wants to be left alone until then.
    mutating func hold(until time: Int) { notBefore = max(notBefore, time) }
}
