import Foundation
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterFetch

/// Servers behind TLS, with a certificate that is made for the test.
@Suite(.enabled(if: TestCertificate.isPossible, "there is no openssl command here"))
struct SecureServerTests {
    @Test("a certificate of a trusted authority for that name is accepted, any other is not, and asking again would not help")
    func certificates() throws {
        let server = try SecureServer(name: "tls.example")
        func client(trusting: Bool) throws -> HTTPClient {
            HTTPClient(
                try quick(allow: ["*.example"]) { settings in
                    settings.resolved = ["tls", "other"].map { "\($0).example:\(server.port):127.0.0.1" }
                    settings.authorities = trusting ? server.certificate : nil
                })
        }
        let url = "https://tls.example:\(server.port)/page.txt"
        let answer = try client(trusting: true).get(url)
        #expect(answer.bytes == Array("a secret page".utf8) && answer.contentType == "text/plain")
        for failure in [
            try client(trusting: false).failure(url),
            try client(trusting: true).failure("https://other.example:\(server.port)/page.txt"),
        ] {
            #expect(failure.reason == "its server's certificate is not one to be trusted")
            #expect(!failure.isTransient && !failure.isLasting)
        }
    }

    @Test("a server that does not speak TLS is no secure one")
    func plain() throws {
        let server = try WebServer { _ in .page("x") }
        let failure = try HTTPClient(try quick { $0.retries = 0 }).failure("https://127.0.0.1:\(server.port)/")
        #expect(failure.cause == "tls" || failure.cause == "connection" || failure.cause == "time", "\(failure)")
    }
}

/// `openssl s_server` with a certificate of its own, for one page.
private final class SecureServer {
    let port: Int
    let certificate: String
    private let folder: TemporaryFolder
    private let process = Process()

    init(name: String) throws {
        folder = try TemporaryFolder()
        try Data("a secret page".utf8).write(to: URL(fileURLWithPath: folder("page.txt")))
        let made = try TestCertificate(name: name, in: folder)
        certificate = made.path
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", made.key, "-WWW",
        ]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var said = ""
        var found: Int?
        while found == nil {
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the server did not start: \(said)")
            said += String(decoding: data, as: UTF8.self)
            let line = said.split(separator: "\n").first { $0.hasPrefix("ACCEPT ") && said.hasSuffix("\n") }
            found = line?.split(separator: ":").last.flatMap { Int($0) }
        }
        port = try #require(found)
    }

    deinit {
        // It is started with the signals blocked that this process blocks.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
