import CCurl

/// A URL taken apart as libcurl does it when it connects (RFC 3986), so that what is checked is what is asked.
struct WebAddress: Hashable, Sendable {
    /// Absolute, without fragment.
    let url: String
    let scheme: String
    /// In lower case; an address of version 6 in brackets.
    let host: String
    let port: String
    /// Path and query: what a request names.
    let target: String
    let hasPassword: Bool

    /// - Parameter base: what a relative one counts from.
    init?(_ text: String, from base: WebAddress? = nil) {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        if let base, curl_url_set(handle, CURLUPART_URL, base.url, 0) != CURLUE_OK { return nil }
        guard curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_URLENCODE)) == CURLUE_OK else { return nil }
        curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0)
        guard let url = WebAddress.part(CURLUPART_URL, handle), let scheme = WebAddress.part(CURLUPART_SCHEME, handle),
            let host = WebAddress.part(CURLUPART_HOST, handle),
            let port = WebAddress.part(CURLUPART_PORT, handle, UInt32(CURLU_DEFAULT_PORT)),
            let path = WebAddress.part(CURLUPART_PATH, handle)
        else { return nil }
        self.url = url
        self.scheme = scheme.lowercased()
        self.host = host.lowercased()
        self.port = port
        target = path + (WebAddress.part(CURLUPART_QUERY, handle).map { "?" + $0 } ?? "")
        hasPassword = WebAddress.part(CURLUPART_USER, handle) != nil || WebAddress.part(CURLUPART_PASSWORD, handle) != nil
    }

    var isWeb: Bool { scheme == "http" || scheme == "https" }

    /// Scheme, host and port: what shares one `robots.txt` (RFC 9309, section 2.3).
    var origin: String { "\(scheme)://\(host):\(port)" }

    /// The machine that is spoken to, whatever the scheme.
    var server: String { "\(host):\(port)" }

    var robots: String { "\(scheme)://\(host):\(port)/robots.txt" }

    private static func part(_ part: CURLUPart, _ handle: OpaquePointer, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
