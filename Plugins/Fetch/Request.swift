import CCurl
import HeadwaterPluginKit

/// One GET request through libcurl's easy interface.
enum Request {
    static let maximumSize = 256 << 20
    private static let maximumRedirects = 10
    private static let connectSeconds = 20
    /// A server that sends fewer bytes a second than this, for that many seconds, is given up.
    private static let stall = (bytesPerSecond: 64, seconds: 30)
    /// Even a server that dribbles comes to an end.
    private static let totalSeconds = 1800

    /// libcurl wants to be set up once, before any thread uses it.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    struct Answer {
        var bytes: [UInt8]
        /// What the last of the servers says the bytes are.
        var contentType: String?
    }

    /// - Throws: `StageError` for anything but a complete answer with a status below 400.
    static func get(_ url: String, maximumSize: Int = Request.maximumSize) throws -> Answer {
        guard isReady, let handle = curl_easy_init() else { throw StageError("libcurl cannot be set up") }
        defer { curl_easy_cleanup(handle) }
        let body = Body(maximumSize: maximumSize)
        let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        defer { message.deallocate() }

        let writer: curl_write_callback = { data, size, count, context in
            guard let data, let context else { return 0 }
            let body = Unmanaged<Body>.fromOpaque(context).takeUnretainedValue()
            return body.take(UnsafeRawBufferPointer(start: data, count: size * count)) ? size * count : 0
        }
        let code = withExtendedLifetime(body) { () -> CURLcode in
            let settings: [CURLcode] = [
                headwater_curl_set_error_buffer(handle, message),
                headwater_curl_set_text(handle, CURLOPT_URL, url),
                headwater_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
                headwater_curl_set_text(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https"),
                headwater_curl_set_text(handle, CURLOPT_USERAGENT, "headwater/0.1"),
                // Every encoding this libcurl can undo; the source is the decoded bytes.
                headwater_curl_set_text(handle, CURLOPT_ACCEPT_ENCODING, ""),
                headwater_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 1),
                headwater_curl_set_long(handle, CURLOPT_MAXREDIRS, maximumRedirects),
                headwater_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, connectSeconds),
                headwater_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, stall.bytesPerSecond),
                headwater_curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, stall.seconds),
                headwater_curl_set_long(handle, CURLOPT_TIMEOUT, totalSeconds),
                // Timeouts must not use signals in a process with threads.
                headwater_curl_set_long(handle, CURLOPT_NOSIGNAL, 1),
                // The page behind a status of 400 and above is not what was asked for, and is not read.
                headwater_curl_set_long(handle, CURLOPT_FAILONERROR, 1),
                headwater_curl_set_writer(handle, writer, Unmanaged.passUnretained(body).toOpaque()),
            ]
            return settings.first { $0 != CURLE_OK } ?? curl_easy_perform(handle)
        }
        guard code == CURLE_OK else {
            throw StageError(
                "'\(url)' cannot be fetched: \(reason(code, handle, body, String(cString: message))); correct the URL, "
                    + "try again later, or take it out of what 'from' names", parameter: "from",
                isTransient: mayPass(code, handle, body))
        }
        return Answer(bytes: body.bytes, contentType: headwater_curl_content_type(handle).map { String(cString: $0) })
    }

    /// Whether the server may answer another time: it was busy or not to be reached (RFC 9110, 15.5 and 15.6; RFC 6585, 4).
    private static func mayPass(_ code: CURLcode, _ handle: UnsafeMutableRawPointer, _ body: Body) -> Bool {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT, CURLE_GOT_NOTHING, CURLE_RECV_ERROR,
            CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_SSL_CONNECT_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            return !body.isFull
        case CURLE_HTTP_RETURNED_ERROR: return [408, 425, 429, 500, 502, 503, 504].contains(headwater_curl_response_code(handle))
        default: return false
        }
    }

    private static func reason(_ code: CURLcode, _ handle: UnsafeMutableRawPointer, _ body: Body, _ message: String) -> String {
        if body.isFull { return "the answer is larger than \(body.maximumSize) bytes" }
        if code == CURLE_HTTP_RETURNED_ERROR { return "the server answers with status \(headwater_curl_response_code(handle))" }
        if code == CURLE_TOO_MANY_REDIRECTS { return "it redirects more than \(maximumRedirects) times" }
        return message.isEmpty ? String(cString: curl_easy_strerror(code)) : message
    }

    /// Takes up the answer's bytes; used by one request on one thread.
    private final class Body {
        private(set) var bytes: [UInt8] = []
        private(set) var isFull = false
        let maximumSize: Int

        init(maximumSize: Int) { self.maximumSize = maximumSize }

        func take(_ part: UnsafeRawBufferPointer) -> Bool {
            isFull = part.count > maximumSize - bytes.count
            if !isFull { bytes.append(contentsOf: part) }
            return !isFull
        }
    }
}
