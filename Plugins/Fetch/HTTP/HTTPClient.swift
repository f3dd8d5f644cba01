import CCurl
import Dispatch
import Glibc
import HeadwaterPluginKit
import Synchronization

/// Asks servers: many at once, each at its own pace, over connections that are kept (HTTP/1.1) or shared (HTTP/2).
///
/// libcurl's multi interface does the talking. A serial queue owns it and everything here; while something is under way it
/// goes step by step, and waits in each for sockets, for a time, or to be woken.
final class HTTPClient: @unchecked Sendable {  // every mutable property is owned by `queue`, which asserts it, but for `multi`
    let settings: HTTPSettings
    private let queue = DispatchQueue(label: "headwater.http")
    /// Made with the first request; waking it is safe from any thread.
    private let multi = Mutex<Multi?>(nil)

    /// In the order in which they may start.
    private var waiting: [Exchange] = []
    private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]
    private var started = 0
    private var hosts: [String: HostPace] = [:]
    private var sites: [String: Site] = [:]
    /// Bytes of answers that are under way or not yet taken.
    private var held = 0
    private var isStepping = false
    private var isStopped = false

    private struct Multi: @unchecked Sendable {  // libcurl lets other threads wake it, and nothing else happens outside `queue`
        let handle: UnsafeMutableRawPointer
    }

    /// What is known of the `robots.txt` of an origin.
    private enum Site {
        case asked
        case known(RobotsRules)
        case unknown(any Error)
    }

    /// libcurl wants to be set up once, before any thread uses it.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(_ settings: HTTPSettings) { self.settings = settings }

    deinit { if let multi = multi.withLock({ $0 }) { curl_multi_cleanup(multi.handle) } }

    /// Asks for all of them and hands each answer over as it comes, by its index. Blocks.
    ///
    /// - Throws: what `take` throws; nothing is under way any more then.
    func get(
        _ requests: [(url: String, known: Validators)], _ take: (Int, Result<HTTPAnswer, any Error>) throws -> Void
    ) throws {
        try prepare()
        let arrivals = Arrivals<HTTPAnswer>()
        let batch = Batch()
        queue.async { [self] in
            for (index, request) in requests.enumerated() {
                guard let address = WebAddress(request.url), address.isWeb else {
                    arrivals.put(index, .failure(SourceFailure("it is no http or https URL", cause: "url", isLasting: true)))
                    continue
                }
                let exchange = Exchange(.page, address, known: request.known) { arrivals.put(index, $0) }
                batch.exchanges.append(exchange)
                waiting.append(exchange)
            }
            begin()
        }
        wake()
        var left = requests.count
        func next() -> Arrivals<HTTPAnswer>.Arrival {
            left -= 1
            return arrivals.next()
        }
        defer {
            if left > 0 {
                queue.async { self.withdraw(batch.exchanges) }
                wake()
            }
            while left > 0 { release(next().result) }
        }
        while left > 0 {
            let (index, result) = next()
            defer { release(result) }
            try take(index, result)
        }
    }

    /// Ends all that is under way, and all that is asked for later, with `StageStopped`.
    func stop() {
        queue.async { [self] in
            isStopped = true
            withdraw(waiting + transfers.values.map(\.exchange))
        }
        wake()
    }

    /// The exchanges of one call, owned by the client's queue.
    private final class Batch: @unchecked Sendable {  // only the queue looks into it
        var exchanges: [Exchange] = []
    }

    // MARK: Steps

    private func prepare() throws {
        try multi.withLock { multi in
            if multi != nil { return }
            guard HTTPClient.isReady, let handle = curl_multi_init() else { throw StageError("libcurl cannot be set up") }
            headwater_curl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, settings.concurrent * 2)
            multi = Multi(handle: handle)
        }
    }

    /// Has a step that waits go on with the queue's other work.
    private func wake() { multi.withLock { if let multi = $0 { _ = curl_multi_wakeup(multi.handle) } } }

    /// Milliseconds of a clock that only goes forward.
    private var now: Int { Int(truncatingIfNeeded: DispatchTime.now().uptimeNanoseconds / 1_000_000) }

    private func begin() {
        dispatchPrecondition(condition: .onQueue(queue))
        if isStopped { withdraw(waiting) }
        guard !isStepping else { return }
        isStepping = true
        step()
    }

    private func step() {
        dispatchPrecondition(condition: .onQueue(queue))
        guard let multi = multi.withLock({ $0?.handle }) else { return }
        let next = startWhatMay(multi)
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        var isNews = false
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            let code = message.pointee.data.result
            guard let transfer = remove(handle, multi) else { continue }
            isNews = true
            finish(transfer, code)
        }
        resumeWhatMay()
        if transfers.isEmpty && waiting.isEmpty {
            isStepping = false
            return
        }
        if !isNews {
            let wait = next.map { max(0, $0 - now) } ?? HTTPClient.longestPoll
            curl_multi_poll(multi, nil, 0, Int32(clamping: min(wait, HTTPClient.longestPoll)), nil)
        }
        queue.async { self.step() }
    }

    /// libcurl's own timers end a wait earlier.
    private static let longestPoll = 1000

    /// - Returns: when the next of those that wait may start, if only time keeps it.
    private func startWhatMay(_ multi: UnsafeMutableRawPointer) -> Int? {
        var next: Int?
        var index = 0
        let now = now
        while index < waiting.count, transfers.count < settings.concurrent {
            // One that goes on alone is always taken, so that there is no standstill.
            if held >= settings.heldBytes && !transfers.isEmpty { break }
            let exchange = waiting[index]
            switch permission(of: exchange) {
            case .denied(let error):
                waiting.remove(at: index)
                if let failure = error as? SourceFailure { fail(exchange, failure) } else { conclude(exchange, .failure(error)) }
                continue
            case .pending:
                index += 1
                continue
            case .afterFirst:
                index = 0
                continue
            case .granted: break
            }
            let pace = hosts[exchange.address.server] ?? HostPace()
            if exchange.notBefore <= now, pace.mayStart(now, perHost: settings.perHost) {
                waiting.remove(at: index)
                start(exchange, multi, now)
                continue
            }
            // A slot that becomes free is told by a transfer that ends.
            if pace.active < settings.perHost {
                let time = max(exchange.notBefore, pace.notBefore)
                next = min(next ?? time, time)
            }
            index += 1
        }
        return next
    }

    private func start(_ exchange: Exchange, _ multi: UnsafeMutableRawPointer, _ now: Int) {
        started += 1
        let transfer = Transfer(exchange, number: started, settings: settings) { [unowned self] in mayHold($0, $1) }
        guard let transfer, curl_multi_add_handle(multi, transfer.handle) == CURLM_OK else {
            return conclude(exchange, .failure(StageError("libcurl has no memory for a request")))
        }
        transfers[transfer.handle] = transfer
        hosts[exchange.address.server, default: HostPace()].start(now, delay: settings.delay)
    }

    private func remove(_ handle: UnsafeMutableRawPointer, _ multi: UnsafeMutableRawPointer) -> Transfer? {
        guard let transfer = transfers.removeValue(forKey: handle) else { return nil }
        curl_multi_remove_handle(multi, handle)
        hosts[transfer.exchange.address.server]?.end()
        return transfer
    }

    private func finish(_ transfer: Transfer, _ code: CURLcode) {
        let exchange = transfer.exchange
        let size = transfer.body.count
        if let records = transfer.archived(at: exchange.address.url, seconds: HTTPClient.wallClock) {
            exchange.archived += records
        }
        if let failure = transfer.failure(code) {
            held -= size
            return retry(exchange, failure, retryAfter: transfer.head["retry-after"])
        }
        if let target = transfer.redirect {
            held -= size
            if let refusal = exchange.follow(to: target, status: transfer.head.status, settings: settings) {
                return fail(exchange, refusal)
            }
            // It goes on before what has not begun.
            waiting.insert(exchange, at: 0)
            return
        }
        let validators = Validators(entityTag: transfer.head["etag"], lastModified: transfer.head["last-modified"])
        let isUnchanged = transfer.head.status == 304
        conclude(
            exchange,
            .success(
                HTTPAnswer(
                    bytes: transfer.takeBytes(), contentType: transfer.head["content-type"],
                    response: exchange.response(validators, isUnchanged: isUnchanged))))
    }

    /// Another try, unless there were enough or the server wants too long a wait (RFC 9110, section 10.2.3).
    private func retry(_ exchange: Exchange, _ failure: SourceFailure, retryAfter: String?) {
        exchange.failures += 1
        let asked = retryAfter.flatMap { RetryAfter.seconds($0, now: HTTPClient.wallClock) }.map { $0 * 1000 } ?? 0
        let wait = max(asked, settings.backOff << min(exchange.failures - 1, 16))
        guard failure.isTransient, exchange.failures <= settings.retries, wait <= settings.longestWait else {
            return fail(exchange, failure)
        }
        exchange.notBefore = now + wait
        // A server that says when it will be there again says so for all that it has.
        if asked > 0 { hosts[exchange.address.server]?.hold(until: exchange.notBefore) }
        waiting.append(exchange)
    }

    private func fail(_ exchange: Exchange, _ failure: SourceFailure) {
        var failure = failure
        failure.response = exchange.response()
        if !exchange.redirects.isEmpty {
            failure.facts["url"] = exchange.address.url
            failure.facts["redirects"] = exchange.redirects.map { "\($0.status) \($0.url)" }.joined(separator: ", ")
        }
        conclude(exchange, .failure(failure))
    }

    private func conclude(_ exchange: Exchange, _ result: Result<HTTPAnswer, any Error>) {
        dispatchPrecondition(condition: .onQueue(queue))
        exchange.done(result)
    }

    /// Ends these, wherever they are.
    private func withdraw(_ exchanges: [Exchange]) {
        dispatchPrecondition(condition: .onQueue(queue))
        let all = Set(exchanges.map(ObjectIdentifier.init))
        let gone = waiting.filter { all.contains(ObjectIdentifier($0)) }
        waiting.removeAll { all.contains(ObjectIdentifier($0)) }
        for exchange in gone { conclude(exchange, .failure(StageStopped())) }
        guard let multi = multi.withLock({ $0?.handle }) else { return }
        for transfer in transfers.values where all.contains(ObjectIdentifier(transfer.exchange)) {
            _ = remove(transfer.handle, multi)
            held -= transfer.body.count
            conclude(transfer.exchange, .failure(StageStopped()))
        }
    }

    private static var wallClock: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int(time.tv_sec)
    }
}

// MARK: Memory

extension HTTPClient {
    /// Whether a transfer may go on by so many bytes. The oldest always may, so that something comes to its end.
    private func mayHold(_ transfer: Transfer, _ count: Int) -> Bool {
        guard held < settings.heldBytes || transfers.values.allSatisfy({ $0.number >= transfer.number }) else { return false }
        held += count
        return true
    }

    private func resumeWhatMay() {
        let paused = transfers.values.filter(\.isPaused).sorted { $0.number < $1.number }
        guard let first = paused.first else { return }
        let oldest = transfers.values.map(\.number).min()
        for transfer in held < settings.heldBytes ? paused[...] : first.number == oldest ? [first] : [] { transfer.resume() }
    }

    /// What was answered was taken.
    private func release(_ result: Result<HTTPAnswer, any Error>) {
        guard case .success(let answer) = result, !answer.bytes.isEmpty else { return }
        queue.async { self.held -= answer.bytes.count }
        wake()
    }
}

// MARK: robots.txt

extension HTTPClient {
    private enum Permission {
        case granted, denied(any Error)
        /// It is asked for already.
        case pending
        /// It stands first among those that wait now.
        case afterFirst
    }

    /// Whether the site lets a page be asked for; its `robots.txt` is asked for first, once (RFC 9309, section 2.3).
    private func permission(of exchange: Exchange) -> Permission {
        // Behind a proxy nothing but its own address is seen, so that only a host that is an address can be judged.
        if settings.proxy != nil, let address = NetworkAddress(exchange.address.host),
            let kind = settings.addresses.refusal(of: address, host: exchange.address.host)
        {
            return .denied(Transfer.refusal(exchange.address.host, kind))
        }
        guard settings.honoursRobots, exchange.kind == .page else { return .granted }
        let origin = exchange.address.origin
        switch sites[origin] {
        case .asked: return .pending
        case .known(let rules):
            if rules.allows(exchange.address.target) { return .granted }
            return .denied(SourceFailure("robots.txt of \(exchange.address.host) disallows it", cause: "robots", isLasting: true))
        case .unknown(let error): return .denied(error)
        case nil:
            guard let address = WebAddress(exchange.address.robots) else {
                return .denied(SourceFailure("it is no URL", cause: "url", isLasting: true))
            }
            sites[origin] = .asked
            let server = exchange.address.server
            waiting.insert(Exchange(.robots, address) { [unowned self] in learn($0, origin, server) }, at: 0)
            return .afterFirst
        }
    }

    private func learn(_ result: Result<HTTPAnswer, any Error>, _ origin: String, _ server: String) {
        dispatchPrecondition(condition: .onQueue(queue))
        switch result {
        case .success(let answer):
            held -= answer.bytes.count
            let rules = RobotsRules(answer.bytes)
            let delay = min(rules.delay ?? 0, settings.longestCrawlDelay)
            hosts[server, default: HostPace()].slow(to: delay)
            sites[origin] = .known(rules)
        case .failure(let failure as SourceFailure):
            sites[origin] = HTTPClient.site(failure, server)
        case .failure(let error): sites[origin] = .unknown(error)
        }
    }

    /// A file that is not there forbids nothing, one that cannot be read forbids all (RFC 9309, section 2.3.1). Where nothing
    /// answers at all, that is the failure to tell.
    private static func site(_ failure: SourceFailure, _ server: String) -> Site {
        let status = failure.facts["status"].flatMap { Int($0) } ?? 0
        if (400...499).contains(status), status != 429 { return .known(RobotsRules()) }
        if failure.cause == "redirects" { return .known(RobotsRules()) }
        if ["connection", "name", "address", "time", "tls"].contains(failure.cause) { return .unknown(failure) }
        return .unknown(
            SourceFailure(
                "robots.txt of its host cannot be read: \(failure.reason); until it can, nothing may be asked for",
                cause: "robots",
                isTransient: true))
    }
}
