"""Takes out the paragraphs that hold a word."""
from headwater import Refusal, Stage, serve


class Passages(Stage):
    name, version = "passages-python", "1"  # raise the version whenever the same input could give another output

    def __init__(self, parameters):
        super().__init__(parameters)
        self.word = parameters["word"].lower()
        if not self.word.isalpha():
            raise Refusal("expected one word of letters", parameter="word")

    def apply(self, records, out):
        for document in records:
            number = 0
            for paragraph in document.text.paragraphs():
                found = self.first(paragraph)
                if found:
                    number += 1
                    out.emit("passage", paragraph, fields={"number": number, "match": found})
            if number == 0:
                out.drop(document, "word-not-found")

    def first(self, paragraph):
        """The first place where the word stands; None if it does not."""
        for match in paragraph.matches(r"\w+"):
            if str(match[0]).lower() == self.word:
                return match[0]
        return None


if __name__ == "__main__":
    serve(Passages)
