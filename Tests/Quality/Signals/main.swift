// clean-signals FOLDER: the lines of every flattened page in a folder, with what `clean` knows of each, one JSON object a
// page on standard output. The first line holds the names of the signals. For `train_lines.py`.
import Foundation
import HeadwaterClean
import HeadwaterModel
import HeadwaterPluginKit

guard CommandLine.arguments.count == 2 else {
    FileHandle.standardError.write(Data("usage: clean-signals FOLDER\n".utf8))
    exit(2)
}
let folder = URL(fileURLWithPath: CommandLine.arguments[1])

func print(_ value: JSON) { FileHandle.standardOutput.write(Data(value.canonical + [0x0A])) }

print(.object(["names": .array(TrainingLine.names.map { .string($0) })]))
for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
    let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    let page = TracedText(decoding: bytes, digest: Digest(of: bytes), charset: .utf8)
    let lines = TrainingLine.lines(of: page, locator: name).map { line in
        JSON.object([
            "text": .string(String(decoding: line.text, as: UTF8.self)), "isKept": .bool(line.isKept),
            "signals": .array(line.signals.map { .integer(Int($0)) }),
        ])
    }
    print(.object(["file": .string(name), "lines": .array(lines)]))
}
