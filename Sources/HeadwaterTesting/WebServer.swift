import Foundation
import Synchronization

/// A web server on 127.0.0.1 for one test. It keeps connections, and answers each request as the test says: rightly or not.
public final class WebServer: Sendable {
    public struct Request: Sendable {
        public var method: String
        /// Path and query.
        public var path: String
        /// As it came, with the empty line at its end.
        public var head: String
        /// By name in lower case.
        public var headers: [String: String]
        /// Which connection it came by, counted from 0.
        public var connection: Int
        public var port: UInt16
    }

    public enum Reply: Sendable {
        /// A whole answer with its length; the connection stays.
        case page(status: Int = 200, headers: [String] = [], body: [UInt8] = [])
        /// These bytes as they are; the connection ends with them unless it is to stay.
        case raw([UInt8], stays: Bool = false)
        /// A beginning, then a part again and again, with a wait between, until the other side has enough.
        case endless([UInt8], part: [UInt8], milliseconds: Int = 0)
        /// The beginning of an answer, and a connection that breaks off at once.
        case reset([UInt8])
        /// Nothing, until the other side has enough.
        case silence

        public static func page(_ text: String, _ headers: String...) -> Reply { .page(headers: headers, body: Array(text.utf8)) }

        public static func status(_ status: Int, _ headers: String...) -> Reply { .page(status: status, headers: headers) }

        public static func redirect(to location: String, status: Int = 302) -> Reply {
            .page(status: status, headers: ["Location: \(location)"])
        }

        public static func text(_ text: String, stays: Bool = false) -> Reply { .raw(Array(text.utf8), stays: stays) }
    }

    public struct Fault: Error {}

    public let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var requests: [Request] = []
        var connections = 0
        var active = 0
        var mostActive = 0
    }

    /// - Parameter answer: called on the connection's own thread; may wait.
    public init(_ answer: @escaping @Sendable (Request) -> Reply) throws {
        signal(SIGPIPE, SIG_IGN)
        (listener, port) = try WebServer.listen()
        let listener = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    close(listener)
                    return
                }
                guard let self else {
                    close(connection)
                    continue
                }
                let number = state.withLock { state in
                    defer { state.connections += 1 }
                    return state.connections
                }
                Thread.detachNewThread { [weak self] in
                    while let head = WebServer.head(connection) {
                        guard let self, let request = note(head, number) else { break }
                        let reply = answer(request)
                        state.withLock { $0.active -= 1 }
                        if !WebServer.send(reply, to: connection) { break }
                    }
                    close(connection)
                }
            }
        }
    }

    /// Ends `accept`; the thread then closes the socket, whose number could be another's if it were closed here.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    public func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// The requests so far.
    public var requests: [Request] { state.withLock { $0.requests } }

    /// Their paths, in the order in which they came.
    public var paths: [String] { requests.map(\.path) }

    public var connections: Int { state.withLock { $0.connections } }

    /// The most requests that were being answered at once.
    public var mostActive: Int { state.withLock { $0.mostActive } }

    /// A port that nothing listens on.
    public static func closedPort() throws -> UInt16 {
        let (listener, port) = try listen()
        close(listener)
        return port
    }

    private func note(_ head: String, _ connection: Int) -> Request? {
        let lines = head.components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        let request = Request(
            method: words[0], path: words[1], head: head, headers: headers, connection: connection, port: port)
        state.withLock { state in
            state.requests.append(request)
            state.active += 1
            state.mostActive = max(state.mostActive, state.active)
        }
        return request
    }

    /// - Returns: whether the connection stays.
    private static func send(_ reply: Reply, to connection: Int32) -> Bool {
        switch reply {
        case .page(let status, let headers, let body):
            let length = [204, 304].contains(status) ? [] : ["Content-Length: \(body.count)"]
            let head = (["HTTP/1.1 \(status) Word"] + headers + length).joined(separator: "\r\n") + "\r\n\r\n"
            return send(Array(head.utf8) + body, to: connection)
        case .raw(let bytes, let stays): return send(bytes, to: connection) && stays
        case .endless(let beginning, let part, let milliseconds):
            guard send(beginning, to: connection) else { return false }
            while send(part, to: connection) { if milliseconds > 0 { usleep(UInt32(milliseconds) * 1000) } }
            return false
        case .reset(let bytes):
            _ = send(bytes, to: connection)
            var now = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
            return false
        case .silence:
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
            return false
        }
    }

    private static func send(_ bytes: [UInt8], to connection: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let done = bytes[sent...].withUnsafeBytes {
                Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if done <= 0 { return false }
            sent += done
        }
        return true
    }

    private static func head(_ connection: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < 65536 {
            guard recv(connection, &byte, 1, 0) == 1 else { return nil }
            bytes.append(byte)
            if byte == 0x0A, bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) { return String(decoding: bytes, as: UTF8.self) }
        }
        return nil
    }

    private static func listen() throws -> (Int32, UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw Fault() }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && Foundation.listen(listener, 64) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard isBound else { throw Fault() }
        return (listener, UInt16(bigEndian: address.sin_port))
    }
}
