import HeadwaterModel
import HeadwaterPipelines
import HeadwaterTesting
import Testing

@Suite struct SubstitutionTests {
    @Test("any text comes through when each ${ in it is written $${")
    func escape() throws {
        var random = SplitMix.printed("escapes")
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                ["$", "{", "}", "a", "${", "é"].randomElement(using: &random) ?? ""
            }.joined()
            let pipeline = try ScriptedPlugins.parse(file(language: text.replacing("${", with: "$${")))
            #expect(pipeline.stage(named: "clean")?.parameters.text("language") == text)
        }
    }

    @Test("a substituted value is never read for substitutions again")
    func once() throws {
        let text = file(parameters: "a: '$${b}', b: wrong", language: "${a}${a}")
        #expect(try ScriptedPlugins.parse(text).stage(named: "clean")?.parameters.text("language") == "${b}${b}")
        #expect(
            try ScriptedPlugins.parse(text, overrides: ["a=${b}"]).stage(named: "clean")?.parameters.text("language")
                == "${b}${b}")
    }

    @Test("a scalar that is one substitution has the parameter's type; any other is a text as the file writes it")
    func types() throws {
        for (written, value) in [
            ("8", JSON.integer(8)), ("0x10", 16), ("1.50", .decimal(1.5)), ("true", true), ("no", "no"), ("'8'", "8"),
        ] {
            let pipeline = try ScriptedPlugins.parse(
                file(parameters: "value: \(written)", language: "<${value}>"))
            #expect(pipeline.parameters["value"] == value)
            let bare = written.filter { $0 != "'" }
            #expect(pipeline.stage(named: "clean")?.parameters.text("language") == "<\(bare)>")
        }
        #expect(
            ScriptedPlugins.faults(file(parameters: "value: 8", language: "${value}")).contains(
                "\"language\" cannot be 8, the value of ${value}"))
    }

    @Test("a parameter that the file has as a text stays one, except for null, which means the default")
    func overriddenTexts() throws {
        let text = file(parameters: "language: en", language: "${language}")
        for value in ["2024", "true", "1e3", "de", " x "] {
            let pipeline = try ScriptedPlugins.parse(text, overrides: ["language=" + value])
            #expect(pipeline.stage(named: "clean")?.parameters.text("language") == value)
        }
        for value in ["", "null", "~"] {
            let pipeline = try ScriptedPlugins.parse(text, overrides: ["language=" + value])
            #expect(pipeline.stage(named: "clean")?.parameters.text("language") == "auto")
        }
    }

    @Test("substitutions cannot make a small file fill the memory")
    func amplification() {
        let long = String(repeating: "x", count: 100_000)
        let uses = String(repeating: "${a}${a}", count: 100)
        #expect(ScriptedPlugins.faults(file(parameters: "a: \(long)", language: uses)).contains("come to more than 8 MiB"))

        let list = "[" + String(repeating: "x,", count: 5_000) + "]"
        let stages = (0..<30).map { "  s\($0): {plugin: fetch, with: {from: \"${a}\"}}\n" }.joined()
        let text = "headwater: 1\nname: test\nparameters: {a: \(list)}\nstages:\n" + stages
        #expect(ScriptedPlugins.faults(text).contains("or 100000 list elements"))
    }

    private func file(parameters: String = "", language: String) -> String {
        let quoted = language.replacing("'", with: "''")
        return """
            headwater: 1
            name: test
            parameters: {\(parameters)}
            stages:
              fetch: {with: {from: texts}}
              clean: {needs: fetch, with: {language: '\(quoted)'}}
            """
    }
}
