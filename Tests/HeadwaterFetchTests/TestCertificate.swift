import Foundation
import HeadwaterTesting

/// A certificate for a host name that signs itself, made for one test by the openssl command.
struct TestCertificate {
    let path: String
    let key: String

    static let isPossible = TestCertificate.has("openssl")

    init(name: String, in folder: TemporaryFolder) throws {
        path = folder("certificate.pem")
        key = folder("key.pem")
        let making = Process()
        making.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        making.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", key, "-out", path,
        ]
        making.standardError = FileHandle.nullDevice
        try making.run()
        making.waitUntilExit()
    }

    /// Whether there is such a command.
    static func has(_ command: String) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(command)") }
    }
}
