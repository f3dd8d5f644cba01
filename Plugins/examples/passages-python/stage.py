"""Takes out the paragraphs that hold a word."""
import re

from headwater import Refusal, Stage, serve


class Passages(Stage):
    name, version = "passages-python", "1"  # raise the version whenever the same input could give another output

    def __init__(self, parameters):
        super().__init__(parameters)
        word = parameters["word"]
        if not word.isalpha():
            raise Refusal("expected one word of letters", parameter="word")
        self.pattern = re.compile(rf"\b{word}\b", re.IGNORECASE)

    def apply(self, records, out):
        for document in records:
            number = 0
            for paragraph in document.text.paragraphs():
                match = paragraph.match(self.pattern)
                if match:
                    number += 1
                    # Both know their bytes: the paragraph as the record's text, the match as what the field cites.
                    out.emit("passage", paragraph, fields={"number": number, "match": match[0]})
            if number == 0:
                out.drop(document, "word-not-found")


if __name__ == "__main__":
    serve(Passages)
