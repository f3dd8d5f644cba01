// name-signals: of each document on standard input, a JSON object a line with `text`, the sentences as the tagger of names
// sees them: for each token its first byte, one past its last, and its signals. For `train_names.py`.
import Foundation
import HeadwaterExtract
import HeadwaterModel

while let line = readLine() {
    guard let text = try JSON(parsing: Array(line.utf8))["text"]?.string else {
        FileHandle.standardError.write(Data("name-signals: a line without text\n".utf8))
        exit(2)
    }
    let sentences = TrainingSentence.sentences(of: Array(text.utf8)).map { sentence in
        JSON.array(
            zip(sentence.tokens, sentence.signals).map { token, signals in
                .array(([token.lowerBound, token.upperBound] + signals.map(Int.init)).map { .integer($0) })
            })
    }
    FileHandle.standardOutput.write(Data(JSON.object(["sentences": .array(sentences)]).canonical + [0x0A]))
}
