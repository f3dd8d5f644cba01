import CCurl
import HeadwaterPluginKit

extension Transfer {
    /// Why a transfer that ended with this code gave no answer; nil if it did. A redirect and an answer that is unchanged are
    /// answers.
    ///
    /// The words are ours: those of libcurl hold times and ports, and what is said here becomes part of a task key.
    func failure(_ code: CURLcode) -> SourceFailure? {
        if let breach { return breach }
        if code == CURLE_OK || isEnough || (head.status >= 300 && code == CURLE_WRITE_ERROR) { return statusFailure }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: return passing("the name of its host is not known", "name")
        case CURLE_COULDNT_CONNECT:
            guard let refusedKind else { return passing("its host takes no connection", "connection") }
            return Transfer.refusal(exchange.address.host, refusedKind)
        case CURLE_OPERATION_TIMEDOUT: return passing("its server is too slow", "time")
        case CURLE_GOT_NOTHING: return passing("its server ends the connection without an answer", "connection")
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            return passing("the connection breaks off", "connection")
        case CURLE_PARTIAL_FILE: return passing("the answer ends before its end", "connection")
        case CURLE_SSL_CONNECT_ERROR: return passing("no secure connection comes about", "tls")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
            return SourceFailure("its server's certificate is not one to be trusted", cause: "tls")
        case CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR:
            return SourceFailure("the answer's content encoding is damaged or unknown", cause: "encoding", isLasting: true)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            return SourceFailure("what its server answers is not HTTP", cause: "protocol", isLasting: true)
        case CURLE_URL_MALFORMAT: return SourceFailure("it is no URL", cause: "url", isLasting: true)
        default: return SourceFailure("libcurl says: \(String(cString: curl_easy_strerror(code)))", cause: "libcurl")
        }
    }

    static func refusal(_ host: String, _ kind: String) -> SourceFailure {
        SourceFailure("the address of \(host) is \(kind), and 'allow' names neither the host nor the address", cause: "address")
    }

    private func passing(_ reason: String, _ cause: String) -> SourceFailure {
        SourceFailure(reason, cause: cause, isTransient: true)
    }

    private var statusFailure: SourceFailure? {
        if head.isSuccess || (head.status == 304 && !exchange.known.isEmpty) { return nil }
        if redirect != nil { return nil }
        // It was busy or not to be reached, and may answer another time (RFC 9110, 15.5 and 15.6; RFC 6585, 4; RFC 8470, 5.2).
        let mayPass = [408, 425, 429, 500, 502, 503, 504].contains(head.status)
        return SourceFailure(
            "the server answers with status \(head.status)", cause: "status", facts: ["status": "\(head.status)"],
            isTransient: mayPass, isLasting: !mayPass)
    }
}
