import CCurl

/// What went over the wire for one request: its head, and the answer's head and body before any decoding.
struct WireCapture {
    private(set) var request: [UInt8] = []
    private(set) var head: [UInt8] = []
    private(set) var body: [UInt8] = []
    /// Some of the body is missing.
    private(set) var isTruncated = false
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    mutating func take(_ bytes: UnsafeRawBufferPointer, _ kind: curl_infotype) {
        switch kind {
        case CURLINFO_HEADER_OUT: request.append(contentsOf: bytes)
        case CURLINFO_HEADER_IN:
            // A head before the last says only that another one comes. What comes behind the body is part of it.
            if !body.isEmpty {
                add(bytes)
            } else if bytes.starts(with: "HTTP/".utf8) {
                head = Array(bytes)
            } else {
                head.append(contentsOf: bytes)
            }
        case CURLINFO_DATA_IN: add(bytes)
        default: break
        }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let fits = bytes.prefix(max(0, limit - body.count))
        body.append(contentsOf: fits)
        if fits.count < bytes.count { isTruncated = true }
    }
}
