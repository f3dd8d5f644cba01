"""The stages that the transcripts under docs/transcripts show."""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "Plugins", "examples", "passages-python"))

from headwater import Group, Groups, Refusal, Stage, generated  # noqa: E402
from stage import Passages as PassagesInPython  # noqa: E402


class Passages(PassagesInPython):
    name = "passages"


class Briefs(Stage):
    """Everything that a text can be made of."""

    name, version = "briefs", "2"

    def apply(self, records, out):
        number = 0
        for document in records:
            number += 1
            self.progress(number)
            if "draft" in document.text:
                out.drop(document, "draft", words=len(str(document.text).split()))
                continue
            if len(document.text) < 24:
                out.pass_on(document)
                continue
            first, *others = document.text.sentences()
            if not others:
                self.warn("a document of one sentence")
            brief = out.emit("brief", "Brief: " + first.space().lower() + "\n", fields={"title": document.field("title")})
            for sentence in others:
                out.note(brief, "left-out", "not-the-first", sentence)
            out.carry_on(document, first)
            if others:
                out.emit("summary", generated("It rose and fell.", first[0:14], first[5:19], others[-1]))
            self.count("sentences", 1 + len(others))


class Twins(Stage):
    """Leaves out documents that are equal to an earlier one, through all five rounds."""

    name, version = "twins", "1"

    def sketch(self, records):
        return "\n".join(f"{record.id} {next(record.text.lines())}" for record in records).encode()

    def combine(self, sketches):
        members = {}
        for partition, sketch in enumerate(sketches):
            for line in sketch.decode().split("\n"):
                record, _, first = line.partition(" ")
                members.setdefault(first, []).append(("documents", partition, record))
        groups = [Group(first, members[first]) for first in sorted(members) if len(members[first]) > 1]
        return Groups(groups, carry=str(len(groups)).encode())

    def examine(self, records):
        return b"equal" if len({str(record.text) for record in records}) == 1 else b""

    def decide(self, verdicts):
        slices = [[] for _ in range(verdicts.partitions)]
        for group, verdict in verdicts:
            if verdict == b"equal":
                survivor = group.members[0][2]
                for _, partition, record in group.members[1:]:
                    slices[partition].append(f"{record} {survivor}")
        return ["\n".join(lines).encode() for lines in slices]

    def apply(self, records, out):
        twins = dict(line.split(" ") for line in records.slice.decode().split("\n") if line)
        for document in records:
            if document.id in twins:
                out.drop(document, "equal", survivor=twins[document.id])
            else:
                out.pass_on(document)


class Rare(Stage):
    """Keeps the paragraphs with a word that few partitions have: rounds combine."""

    name, version = "rare", "1"

    def sketch(self, records):
        words = {str(match[0]).lower() for record in records for match in record.text.matches(r"\w{4,}")}
        return "\n".join(sorted(words)).encode()

    def combine(self, sketches):
        partitions = [set(sketch.decode().split("\n")) for sketch in sketches]
        return [
            "\n".join(sorted(words.difference(*(partitions[:index] + partitions[index + 1:])))).encode()
            for index, words in enumerate(partitions)]

    def apply(self, records, out):
        rare = set(records.slice.decode().split("\n"))
        for document in records:
            for match in document.text.matches(r"\w{4,}"):
                if str(match[0]).lower() in rare:
                    out.emit("word", match[0])


class Refusing(Stage):
    """Cannot do what it is asked."""

    name, version = "refusing", "1"

    def __init__(self, parameters):
        super().__init__(parameters)
        for index, word in enumerate(parameters["words"]):
            if not word.isalpha():
                raise Refusal(f"{word} is no word", parameter="words", element=index)

    def apply(self, records, out):
        for _ in records:
            raise Refusal("the dictionary is being written", transient=True)


STAGES = {stage.name: stage for stage in (Passages, Briefs, Twins, Rare, Refusing)}
