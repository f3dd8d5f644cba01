import CCurl
import Glibc
import HeadwaterPluginKit

/// One request on its way, as an easy handle of libcurl. Used on the client's queue only; libcurl calls back from there.
final class Transfer {
    let exchange: Exchange
    let handle: UnsafeMutableRawPointer
    /// The earlier it began the smaller.
    let number: Int
    private(set) var head = ResponseHead()
    private(set) var body: [UInt8] = []
    /// Stopped in the middle because too much is held already.
    var isPaused = false
    /// All that is wanted of it has come.
    private(set) var isEnough = false
    /// Why we broke it off.
    private(set) var breach: SourceFailure?
    /// What a refused connection would have led to, in a word.
    private(set) var refusedKind: String?
    private(set) var wire: WireCapture?
    private let settings: HTTPSettings
    private var lines: UnsafeMutablePointer<curl_slist>?
    /// Asked before bytes are taken: whether so many may be held, or have to wait.
    private let mayHold: (Transfer, Int) -> Bool
    private var discarded = 0

    /// - Returns: nil where libcurl has no memory or refuses a setting.
    init?(_ exchange: Exchange, number: Int, settings: HTTPSettings, mayHold: @escaping (Transfer, Int) -> Bool) {
        guard let handle = curl_easy_init() else { return nil }
        self.exchange = exchange
        self.handle = handle
        self.number = number
        self.settings = settings
        self.mayHold = mayHold
        wire = settings.archives && exchange.kind == .page ? WireCapture(limit: settings.maximumSize) : nil
        if let tag = exchange.known.entityTag { lines = curl_slist_append(lines, "If-None-Match: \(tag)") }
        if let date = exchange.known.lastModified { lines = curl_slist_append(lines, "If-Modified-Since: \(date)") }
        guard prepare() else { return nil }
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(lines)
    }

    private var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    private func prepare() -> Bool {
        var settings: [CURLcode] = [
            headwater_curl_set_text(handle, CURLOPT_URL, exchange.address.url),
            headwater_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
            headwater_curl_set_text(handle, CURLOPT_USERAGENT, self.settings.userAgent),
            // Every encoding this libcurl can undo; the source is the decoded bytes.
            headwater_curl_set_text(handle, CURLOPT_ACCEPT_ENCODING, ""),
            // Redirects are followed by us, each checked as a request of its own.
            headwater_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0),
            headwater_curl_set_text(handle, CURLOPT_PROXY, self.settings.proxy ?? ""),
            headwater_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, self.settings.connectTimeout),
            headwater_curl_set_long(handle, CURLOPT_TIMEOUT_MS, self.settings.timeout),
            headwater_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, self.settings.stall.bytesPerSecond),
            headwater_curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, self.settings.stall.seconds),
            // Timeouts must not use signals in a process with threads.
            headwater_curl_set_long(handle, CURLOPT_NOSIGNAL, 1),
            headwater_curl_set_writer(handle, Transfer.takeBody, context),
            headwater_curl_set_head_writer(handle, Transfer.takeHead, context),
            headwater_curl_set_opener(handle, Transfer.openSocket, context),
        ]
        if let authorities = self.settings.authorities {
            settings.append(headwater_curl_set_text(handle, CURLOPT_CAINFO, authorities))
        }
        for text in self.settings.resolved { resolved = curl_slist_append(resolved, text) }
        if let resolved { settings.append(headwater_curl_set_list(handle, CURLOPT_RESOLVE, resolved)) }
        if let lines { settings.append(headwater_curl_set_list(handle, CURLOPT_HTTPHEADER, lines)) }
        if wire != nil { settings.append(headwater_curl_set_listener(handle, Transfer.listen, context)) }
        return settings.allSatisfy { $0 == CURLE_OK }
    }

    /// Where the server says that what was asked for lies.
    var redirect: String? { (300...399).contains(head.status) && head.status != 304 ? head["location"] : nil }

    /// The address that answered.
    var peer: String? { headwater_curl_text(handle, CURLINFO_PRIMARY_IP).map { String(cString: $0) } }

    func resume() {
        isPaused = false
        curl_easy_pause(handle, CURLPAUSE_CONT)
    }

    func takeBytes() -> [UInt8] {
        defer { body = [] }
        return body
    }

    // MARK: What libcurl calls

    private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let takeBody: curl_write_callback = { data, size, count, context in
        guard let data, let transfer = Transfer.of(context) else { return 0 }
        return transfer.take(UnsafeRawBufferPointer(start: data, count: size * count))
    }

    private static let takeHead: curl_write_callback = { data, size, count, context in
        guard let data, let transfer = Transfer.of(context) else { return 0 }
        transfer.head.take(UnsafeRawBufferPointer(start: data, count: size * count))
        if transfer.head.byteCount <= transfer.settings.maximumHead { return size * count }
        transfer.breach = SourceFailure(
            "the head of its answer is larger than \(transfer.settings.maximumHead) bytes", cause: "head", isLasting: true)
        return 0
    }

    private static let openSocket: curl_opensocket_callback = { context, _, address in
        guard let transfer = Transfer.of(context), let address else { return CURL_SOCKET_BAD }
        if let kind = transfer.refusal(address) {
            transfer.refusedKind = kind
            return CURL_SOCKET_BAD
        }
        let wanted = address.pointee
        return socket(wanted.family, wanted.socktype | Int32(SOCK_CLOEXEC.rawValue), wanted.`protocol`)
    }

    private static let listen: curl_debug_callback = { _, kind, data, count, context in
        if let data, let transfer = Transfer.of(context) {
            transfer.wire?.take(UnsafeRawBufferPointer(start: data, count: count), kind)
        }
        return 0
    }

    /// Why a connection is not to be made; nil if it is.
    private func refusal(_ wanted: UnsafePointer<curl_sockaddr>) -> String? {
        // The proxy is named by whoever wrote the pipeline.
        if settings.proxy != nil { return nil }
        // Reached through the pointer: an address is as long as it says, not as its declared type.
        let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0
        let address = UnsafeRawPointer(wanted).advanced(by: offset).assumingMemoryBound(to: sockaddr.self)
        guard let address = NetworkAddress(address, length: Int(wanted.pointee.addrlen)) else { return "none of the internet" }
        return settings.addresses.refusal(of: address, host: exchange.address.host)
    }

    /// - Returns: how many bytes were taken, or libcurl's word for waiting.
    private func take(_ part: UnsafeRawBufferPointer) -> Int {
        head.isOver = true
        guard head.isSuccess else {
            discarded += part.count
            return discarded <= settings.unwantedBody ? part.count : 0
        }
        if exchange.kind == .robots, part.count > RobotsRules.maximumSize - body.count {
            isEnough = true
            return 0
        }
        let announced = headwater_curl_announced(handle)
        if part.count > settings.maximumSize - body.count || announced > settings.maximumSize {
            breach = SourceFailure(
                "the answer is larger than \(settings.maximumSize) bytes", cause: "size",
                facts: ["limit": "\(settings.maximumSize)"], isLasting: true)
            return 0
        }
        let count = body.count + part.count
        // libcurl counts what came over the wire when it is decoded, so that its last buffer of 16 KiB may not be counted yet.
        let sent = Int(clamping: headwater_curl_downloaded(handle)) + (16 << 10)
        if count > settings.bomb.least, count / settings.bomb.ratio > sent {
            breach = SourceFailure(
                "the answer decodes to more than \(settings.bomb.ratio) times what was sent", cause: "bomb", isLasting: true)
            return 0
        }
        if !mayHold(self, part.count) {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        body.append(contentsOf: part)
        return part.count
    }

    private var resolved: UnsafeMutablePointer<curl_slist>?
}
