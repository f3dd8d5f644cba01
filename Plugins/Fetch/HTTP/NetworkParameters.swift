import HeadwaterModel
import HeadwaterPluginKit

/// The parameters that say how the network is asked. None of them is part of a task key: what they lead to is, as the
/// answers' digests and as failures.
enum NetworkParameters {
    static let declarations = [
        ParameterDeclaration(
            "require", .choice(SourceRequirement.allCases.map(\.rawValue)), default: "any", isPlace: true,
            help: "how many URLs must be had: all, any (one at least, if there are any) or none; what is missing is listed"),
        ParameterDeclaration(
            "robots", .choice(["honour", "ignore"]), default: "honour", isPlace: true,
            help: "whether robots.txt decides what is asked for"),
        ParameterDeclaration(
            "allow", .list(of: .text), default: [], isPlace: true,
            help: "hosts, addresses and networks (10.0.0.0/8) that are asked although their addresses are private or local"),
        ParameterDeclaration(
            "contact", .text, default: "", isPlace: true,
            help: "a URL or mail address that servers are told, so that they can complain"),
        ParameterDeclaration(
            "perHost", .integer(1...64), default: 2, isPlace: true, help: "requests to one host at once"),
        ParameterDeclaration(
            "delay", .integer(0...600_000), default: 100, isPlace: true,
            help: "milliseconds between the starts of two requests to one host"),
        ParameterDeclaration(
            "retries", .integer(0...20), default: 2, isPlace: true,
            help: "how often a request is made again that failed in a way that may pass"),
        ParameterDeclaration(
            "timeout", .integer(1...86_400), default: 300, isPlace: true, help: "seconds for one request"),
        ParameterDeclaration(
            "maximumSize", .integer(1...(2 << 30)), default: .integer(256 << 20), isPlace: true,
            help: "bytes of one answer, decoded"),
        ParameterDeclaration(
            "archive", .boolean, default: false, isPlace: true,
            help: "keep requests and answers as they went over the wire, as WARC records"),
        ParameterDeclaration(
            "proxy", .text, default: "", isPlace: true, help: "the URL of a proxy; what the environment names is not heeded"),
    ]

    /// - Throws: `StageError` that names the parameter.
    static func settings(_ parameters: Parameters) throws(StageError) -> HTTPSettings {
        var settings = HTTPSettings(addresses: try AddressRules(allowed: parameters.texts("allow")))
        settings.honoursRobots = parameters.text("robots") != "ignore"
        settings.perHost = parameters.integer("perHost")
        settings.delay = parameters.integer("delay")
        settings.retries = parameters.integer("retries")
        settings.timeout = parameters.integer("timeout") * 1000
        settings.maximumSize = parameters.integer("maximumSize")
        settings.archives = parameters.bool("archive")
        settings.userAgent = try userAgent(contact: parameters.text("contact"))
        let proxy = parameters.text("proxy")
        if !proxy.isEmpty {
            guard WebAddress(proxy) != nil else {
                throw StageError(
                    "'\(proxy)' is no URL of a proxy; expected one such as http://proxy.example:3128", parameter: "proxy")
            }
            settings.proxy = proxy
        }
        return settings
    }

    /// What servers are told of who asks (RFC 9110, section 10.1.5).
    private static func userAgent(contact: String) throws(StageError) -> String {
        let program = "headwater/\(ProgramVersion.text)"
        if contact.isEmpty { return program }
        guard contact.utf8.allSatisfy({ 0x20..<0x7F ~= $0 && !"()\\".utf8.contains($0) }) else {
            throw StageError(
                "'\(contact)' cannot stand in a header; expected a URL or mail address of ASCII characters, without parentheses",
                parameter: "contact")
        }
        return "\(program) (+\(contact))"
    }
}
