import Glibc
import Synchronization
import Testing

/// A small HTTP server on 127.0.0.1 for one test: a thread that answers each connection with what the test gives for
/// the request's path.
final class TestServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let requests = Mutex<[String]>([])

    /// - Parameter answer: the whole answer, head and body, for a request's path.
    init(_ answer: @escaping @Sendable (_ path: String, _ port: UInt16) -> [UInt8]) throws {
        let (listener, port) = try TestServer.listen()
        (self.listener, self.port) = (listener, port)
        let thread = Thread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    close(listener)
                    return
                }
                let request = TestServer.head(connection)
                self?.requests.withLock { $0.append(request) }
                let path = request.split(separator: " ").dropFirst().first.map(String.init) ?? ""
                let bytes = TestServer.closing(answer(path, port))
                var sent = 0
                while sent < bytes.count {
                    let done = bytes[sent...].withUnsafeBytes {
                        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                    }
                    if done <= 0 { break }
                    sent += done
                }
                shutdown(connection, Int32(SHUT_WR))
                close(connection)
            }
        }
        thread.start()
    }

    /// Ends `accept`; the thread then closes the socket, whose number could be another's if it were closed here.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// The heads of the requests so far.
    var heads: [String] { requests.withLock { $0 } }

    /// A port that nothing listens on.
    static func closedPort() throws -> UInt16 {
        let (listener, port) = try listen()
        close(listener)
        return port
    }

    private static func listen() throws -> (Int32, UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(listener >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && Glibc.listen(listener, 16) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        try #require(isBound)
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    /// The answer with a header that says that its connection ends with it.
    private static func closing(_ answer: [UInt8]) -> [UInt8] {
        guard let lineEnd = answer.firstIndex(of: 0x0A) else { return answer }
        return answer[...lineEnd] + Array("Connection: close\r\n".utf8) + answer[(lineEnd + 1)...]
    }

    private static func head(_ connection: Int32) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < 65536, !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8), recv(connection, &byte, 1, 0) == 1 {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A thread that runs one closure, without Foundation.
private struct Thread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    func start() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context)
        if code == 0 { pthread_detach(thread) } else { Unmanaged<Body>.fromOpaque(context).release() }
    }
}
