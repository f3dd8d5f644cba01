"""The laws of the Python kit: python3 -m unittest, in this folder."""
import ast
import contextlib
import io
import json
import os
import random
import re
import subprocess
import sys
import time
import unittest

from stages import ROOT, STAGES

from headwater import Bench, Group, Groups, Refusal, Stage, Text, cited, generated, joined

HERE = os.path.dirname(os.path.abspath(__file__))
ALPHABET = "ab .\n!?ßé漢😀\u00a0\u2028\t\"\\&é\r-"
ID = "0" * 39 + "a"


def random_text(source, longest=60):
    return "".join(source.choice(ALPHABET) for _ in range(source.randrange(longest)))


def text(string):
    return Text.of_record(ID, string.encode())


def rebuilt(cut, whole):
    """The text as the engine makes it of the pieces."""
    content = whole.encode()
    parts = []
    for message in (piece.message() for piece in cut._pieces):
        if "text" in message:
            parts.append(message["text"].encode())
        else:
            start, length = message["slice"]
            parts.append(content[start:start + length])
    return b"".join(parts)


class Texts(unittest.TestCase):
    def each(self, count=400, seed=41):
        source = random.Random(seed)
        for number in range(count):
            with self.subTest(seed=seed, number=number):
                yield source, random_text(source)

    def test_a_slice_is_the_bytes_and_says_where_they_lie_or_is_refused(self):
        for source, string in self.each():
            whole, content = text(string), string.encode()
            start, end = sorted(source.randrange(len(content) + 1) for _ in range(2))
            try:
                content[start:end].decode()
            except UnicodeDecodeError:
                with self.assertRaises(ValueError):
                    whole[start:end]
                continue
            self.assertEqual(bytes(whole[start:end]), content[start:end])
            self.assertEqual(rebuilt(whole[start:end], string), content[start:end])

    def test_characters_are_those_of_the_string_in_any_order(self):
        for source, string in self.each():
            whole = text(string)
            for _ in range(10):
                start, end = (source.randrange(len(string) + 1) for _ in range(2))
                self.assertEqual(str(whole.chars(start, end)), string[start:end])
                self.assertEqual(rebuilt(whole.chars(start, end), string), string[start:end].encode())

    def test_what_is_joined_and_cut_again_still_knows_its_bytes(self):
        for source, string in self.each():
            whole = text(string)
            parts = [whole.chars(*sorted(source.randrange(len(string) + 1) for _ in range(2))) for _ in range(4)]
            mixed = joined("; ", parts) + "\n" + parts[0]
            expected = "; ".join(map(str, parts)) + "\n" + str(parts[0])
            self.assertEqual(str(mixed), expected)
            start, end = sorted(source.randrange(len(expected) + 1) for _ in range(2))
            self.assertEqual(str(mixed.chars(start, end)), expected[start:end])
            self.assertEqual(rebuilt(mixed.chars(start, end), string), expected[start:end].encode())

    def test_parts_are_slices_and_nothing_but_breaks_is_lost(self):
        for _, string in self.each():
            whole = text(string)
            for parts, lost in (
                (whole.split("a"), "a"), (whole.lines(), "\n"), (whole.paragraphs(), "\n \t\r"),
                (whole.sentences(), None),
            ):
                parts = list(parts)
                for part in parts:
                    self.assertEqual(rebuilt(part, string), bytes(part))
                kept = "".join(map(str, parts))
                if lost is None:
                    self.assertEqual("".join(kept.split()), "".join(string.split()))
                else:
                    table = {ord(character): None for character in lost}
                    self.assertEqual(kept.translate(table), string.translate(table))
            self.assertEqual(str(whole.strip()), string.strip())

    def test_patterns_find_the_same_over_characters_and_over_bytes(self):
        for _, string in self.each():
            whole = text(string)
            found = [str(match[0]) for match in whole.matches(r"[ab]+(?P<mark>[.!?])?")]
            self.assertEqual(found, [str(match[0]) for match in whole.matches(rb"[ab]+(?P<mark>[.!?])?")])
            self.assertEqual(found, [match[0] for match in re.finditer("[ab]+[.!?]?", string)])

    def test_a_group_that_took_no_part_is_none(self):
        match = text("aé").match("(b)?(?P<rest>é)")
        self.assertIsNone(match[1])
        self.assertEqual(str(match["rest"]), "é")
        self.assertIsNone(text("aé").match("x"))

    def test_a_pattern_over_bytes_that_cuts_a_character_is_refused(self):
        with self.assertRaises(ValueError):
            text("é").match(rb"\xc3")[0]

    def test_sentences_end_where_they_seem_to(self):
        string = "He left at 5 p.m. on Monday. “Why?” she asked. It cost 3.5 million… Nobody knew!\n\nThe end"
        self.assertEqual(
            list(map(str, text(string).sentences())),
            ["He left at 5 p.m. on Monday.", "“Why?” she asked.", "It cost 3.5 million…", "Nobody knew!", "The end"])

    def test_rules_are_said_in_order_and_are_not_cut(self):
        rewritten = text("A  B &amp; É").space().entities().lower()
        self.assertEqual(str(rewritten), "a b & é")
        self.assertEqual(rewritten._pieces[0].message()["rule"], "space+entity+case(lower)")
        with self.assertRaises(ValueError):
            rewritten[0:2]

    def test_hostile_texts_take_one_pass(self):
        for string in ("." * 200_000, ".)" * 100_000, "\n \n" * 70_000, " " * 200_000, ".\u2028" * 70_000, "é." * 70_000):
            start = time.monotonic()
            for parts in (text(string).sentences(), text(string).paragraphs(), text(string).lines()):
                for _ in parts:
                    pass
            text(string).strip()
            self.assertLess(time.monotonic() - start, 10, string[:4])

    def test_evidence_and_cites_name_each_byte_once(self):
        whole = text("one two three")
        piece = generated("numbers", whole[0:7], whole[4:13], whole[0:3])._pieces[0]
        self.assertEqual(piece.message()["evidence"], [{"slice": [0, 13], "from": ID}])
        self.assertEqual(cited(1, whole[8:13], whole[0:3]).places, [{"slice": [0, 3], "from": ID}, {"slice": [8, 5], "from": ID}])
        with self.assertRaises(ValueError):
            generated("nothing")


class Failing(Stage):
    name, version = "failing", "1"

    def apply(self, records, out):
        for record in records:
            if "stop" in record.text:
                raise KeyError("lost")
            out.emit("copy", record.text, fields={"share": 0.5 if "half" in record.text else 1})


class Stages(unittest.TestCase):
    def test_an_exception_is_a_failure_that_says_where(self):
        with contextlib.redirect_stderr(io.StringIO()) as log, self.assertRaises(Refusal) as failure:
            Bench(Failing).apply("stop")
        self.assertIn("Traceback", log.getvalue())
        self.assertRegex(str(failure.exception), r"KeyError: 'lost' \(test_headwater.py, line \d+\)")

    def test_a_decimal_number_is_refused_with_advice(self):
        with contextlib.redirect_stderr(io.StringIO()):
            with self.assertRaisesRegex(Refusal, "share is a decimal number.*scale it: 0.5 as 500"):
                Bench(Failing).apply("half")

    def test_the_rounds_fit_together(self):
        bench = Bench(STAGES["twins"])
        documents = [Bench.record(each) for each in ("A cat\nGrey.", "A dog\nBrown.", "A cat\nGrey.")]
        documents[2]["id"] = "b" * 40
        sketches = [bench.sketch(documents[0], documents[1]), bench.sketch(documents[2])]
        groups = bench.combine(*sketches)
        self.assertIsInstance(groups, Groups)
        self.assertEqual([group.key for group in groups.groups], ["A cat"])
        verdict = bench.examine(documents[0], documents[2])
        slices = bench.decide((groups.groups[0], verdict), partitions=2, carry=groups.carry)
        self.assertEqual(len(slices), 2)
        self.assertEqual(len(bench.apply(*documents[:2], slice=slices[0]).passed), 2)
        self.assertEqual(bench.apply(documents[2], slice=slices[1]).drops, ["equal"])

    def test_a_group_is_said_as_it_was_told(self):
        group = Group("k", [["documents", 1, ID]], b"\x00\xff")
        self.assertEqual(group._message(), {"key": "k", "members": [["documents", 1, ID]], "slice": "AP8="})


NOISY = """
import os, subprocess, sys
from headwater import Stage, serve
class Noisy(Stage):
    name, version = "noisy", "1"
    def apply(self, records, out):
        print("printed")
        os.write(1, b"written\\n")
        subprocess.run(["echo", "by a child"])
        print("input is", sys.stdin.read() == "")
        for record in records:
            out.emit("words", record.text, fields={"words": sorted(set(str(record.text).split()))})
serve(Noisy)
"""


class Processes(unittest.TestCase):
    def run_noisy(self, records=3, **environment):
        lines = [{"type": "hello", "protocols": [1, 7]}, {"type": "task", "task": 1, "round": "apply", "parameters": {}}]
        lines += [
            {"type": "record", "task": 1, "role": "documents", "id": "%040x" % number, "kind": "document",
             "text": f"the river {number} rose é 😀", "fields": {}} for number in range(records)]
        lines += [{"type": "end", "task": 1}, {"type": "shutdown"}]
        return subprocess.Popen(
            [sys.executable, "-B", "-c", NOISY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.path.join(ROOT, "Plugins/examples/passages-python"), **environment},
        ), "".join(json.dumps(line) + "\n" for line in lines).encode()

    def test_nothing_but_messages_reaches_standard_output(self):
        process, lines = self.run_noisy()
        said, log = process.communicate(lines, timeout=60)
        self.assertEqual([json.loads(line)["type"] for line in said.splitlines()], ["hello", "emit", "emit", "emit", "done"])
        for line in (b"printed", b"written", b"by a child", b"input is True"):
            self.assertIn(line, log)
        self.assertEqual(process.returncode, 0)

    def test_the_same_is_said_whatever_the_hash_seed_and_the_locale(self):
        said = set()
        for environment in ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", "LC_ALL": "C"}, {"LANG": "tr_TR.UTF-8"}):
            process, lines = self.run_noisy(**environment)
            said.add(process.communicate(lines, timeout=60)[0])
        self.assertEqual(len(said), 1)

    def test_a_plugin_whose_engine_is_gone_ends(self):
        process, lines = self.run_noisy(records=5000)
        process.stdout.close()
        for step in (lambda: process.stdin.write(lines), process.stdin.close):
            with contextlib.suppress(BrokenPipeError):
                step()
        process.stderr.read()
        process.stderr.close()
        self.assertEqual(process.wait(timeout=60), 1)

    def test_a_plugin_whose_input_is_closed_ends(self):
        process, lines = self.run_noisy()
        said, _ = process.communicate(lines[:lines.index(b"\n", 100)], timeout=60)
        self.assertEqual(process.returncode, 0, said)


class OldestPython(unittest.TestCase):
    """The kit runs from Python 3.9 on, which need not be installed for this to be checked."""

    #: What came later, as (function, keyword) or as an attribute: documented under "Changed in version" and "New in version".
    LATER_KEYWORDS = {("zip", "strict"), ("dataclass", "slots"), ("dataclass", "kw_only"), ("bisect_left", "key"), ("bisect_right", "key")}
    LATER_NAMES = {"pairwise", "batched", "aiter", "anext", "TaskGroup", "ExceptionGroup", "StrEnum", "tomllib", "add_note", "bit_count"}

    def trees(self):
        folder = os.path.join(ROOT, "Plugins/examples/passages-python")
        for name in sorted(name for name in os.listdir(folder) if name.endswith(".py")):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                yield name, ast.parse(file.read(), name, feature_version=(3, 9))

    def faults(self, tree):
        postponed = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in ast.walk(tree))
        for node in ast.walk(tree):
            if isinstance(node, (ast.Name, ast.Attribute)):
                name = node.id if isinstance(node, ast.Name) else node.attr
                if name in self.LATER_NAMES:
                    yield f"{name} in line {node.lineno}"
            elif isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", None))
                for keyword in node.keywords:
                    if (called, keyword.arg) in self.LATER_KEYWORDS:
                        yield f"{called}({keyword.arg}=) in line {node.lineno}"
            elif type(node).__name__ in ("Match", "TryStar", "TypeAlias"):
                yield f"{type(node).__name__.lower()} in line {node.lineno}"
            # Annotations are evaluated where nobody postpones them, and a union of types came with 3.10.
            for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
                if annotation is not None and not postponed:
                    if any(isinstance(part, ast.BinOp) for part in ast.walk(annotation)):
                        yield f"a union of types in line {annotation.lineno}"

    def test_the_kit_says_nothing_that_3_9_does_not_know(self):
        seen = 0
        for name, tree in self.trees():
            seen += 1
            self.assertEqual(list(self.faults(tree)), [], name)
        self.assertEqual(seen, 3)

    def test_what_came_later_is_found(self):
        for later in ("zip(a, b, strict=True)", "def f(x: int | None): pass", "itertools.pairwise(x)", "match x:\n case 1: pass"):
            try:
                self.assertTrue(list(self.faults(ast.parse(later, feature_version=(3, 9)))), later)
            except SyntaxError:
                pass


if __name__ == "__main__":
    unittest.main()
