/// How the network is asked, and where it ends. Times in milliseconds, sizes in bytes.
struct HTTPSettings: Sendable {
    /// Requests to one host at once.
    var perHost = 2
    /// Between the starts of two requests to one host.
    var delay = 100
    /// How often a request is made again that failed in a way that may pass.
    var retries = 2
    /// Of one answer, decoded.
    var maximumSize = 256 << 20
    /// For one request from its connection to the last byte.
    var timeout = 300_000
    var honoursRobots = true
    /// Whether the exchange itself is kept.
    var archives = false
    var addresses: AddressRules
    var userAgent = "headwater"
    /// The URL of a proxy; nil asks directly. What the environment names is not heeded: it would decide what is fetched,
    /// and where a name leads could not be checked.
    var proxy: String?

    /// Requests at once in all.
    var concurrent = 32
    /// The first wait before another try; each further one is twice as long.
    var backOff = 1000
    /// A server that wants a longer wait is left alone for this run.
    var longestWait = 120_000
    /// The most that `robots.txt` can ask for between two requests.
    var longestCrawlDelay = 30_000
    var connectTimeout = 20_000
    /// A server that sends fewer bytes a second than this, for that many seconds, is given up.
    var stall = (bytesPerSecond: 64, seconds: 30)
    /// Of answers that are under way or not yet taken; beyond it only the oldest goes on.
    var heldBytes = 64 << 20
    /// An answer that decodes to more than so many times what was sent is a bomb, once it has so many bytes. Deflate comes to
    /// 1032 with nothing but zeros; pages seldom come to 20.
    var bomb = (ratio: 200, least: 4 << 20)
    /// Of all heads that a request is answered with.
    var maximumHead = 256 << 10
    /// What is read of an answer that is not what was asked for, so that its connection can be used again.
    var unwantedBody = 64 << 10
    var redirects = 10

    /// `name:port:address`, which goes before what the name system says; for tests.
    var resolved: [String] = []
    /// A file with certificates that are trusted instead of the system's; for tests.
    var authorities: String?

    init(addresses: AddressRules) { self.addresses = addresses }
}
