"""From Headwater's records to the forms that the scorers of the evaluation data read.

Nothing here decides anything: it runs the command, reads `records --json`, and renames.
"""
import json
import subprocess
import tempfile
from pathlib import Path

PIPELINE = """headwater: 1
name: quality
stages:
  fetch: {{plugin: fetch, with: {{from: [{corpus}], {fetch}}}}}
{stages}
"""

CLEAN = "  clean: {plugin: clean, needs: fetch}\n"
FULL = CLEAN + "  extract: {plugin: extract, needs: clean}\n"


class Run:
    """One run over a folder, with the records it made."""

    def __init__(self, command, corpus, stages, fetch=""):
        self.command = command
        self.corpus = corpus
        self.folder = tempfile.TemporaryDirectory(prefix="headwater-quality-")
        pipeline = Path(self.folder.name) / "quality.yaml"
        pipeline.write_text(PIPELINE.format(corpus=json.dumps(str(corpus)), stages=stages, fetch=fetch), encoding="utf-8")
        self._headwater("run", str(pipeline), "--quiet")

    def _headwater(self, *arguments):
        arguments = [self.command, *arguments, "--store", self.folder.name + "/store"]
        return subprocess.run(arguments, check=True, stdout=subprocess.PIPE).stdout

    def records(self, stage):
        return [json.loads(line) for line in self._headwater("records", stage, "--json").splitlines()]

    def verify(self):
        return json.loads(self._headwater("verify", "--all", "--json"))

    def locators(self):
        """Source digest to locator."""
        return {record["sources"][0]: record["fields"]["locator"] for record in self.records("fetch")}


def source_ranges(record):
    """(source digest, start, end) of each segment that has a source, in text order."""
    for length, source, offset, source_length, mode in record["segments"]:
        if source >= 0:
            yield record["sources"][source], offset, offset + source_length


def hull(record):
    """The one source range around a short record."""
    ranges = list(source_ranges(record))
    return ranges[0][0], min(r[1] for r in ranges), max(r[2] for r in ranges)


def seed_predictions(run):
    """Byte offsets into the original files: content lines, quotes, dates, quantities, entities."""
    locators = run.locators()
    for document in run.records("clean"):
        for digest, start, end in source_ranges(document):
            yield {"file": locators[digest], "kind": "content", "start": start, "end": end}
    kinds = {"quotation": ("quote", "speaker"), "date": ("date", "value"), "quantity": ("quantity", "value"), "entity": ("entity", "type")}
    for record in run.records("extract"):
        if record["kind"] in kinds:
            kind, field = kinds[record["kind"]]
            digest, start, end = hull(record)
            value = record["fields"].get(field)
            if kind == "quantity" and value is None:
                # `dozens` bounds what it counts, and has no value.
                value = record["fields"].get("min")
            yield {"file": locators[digest], "kind": kind, "start": start, "end": end, field: None if value is None else str(value)}


def text_predictions(run, ids):
    """Main texts by page id; `ids` gives the id of a locator."""
    for document in run.records("clean"):
        yield {"id": ids[document["fields"]["locator"]], "text": document["text"]}


def cluster_predictions(run, stage, ids):
    """Each document with the survivor that stands for it, as its cluster."""
    locator = {record["id"]: record["fields"]["locator"] for record in run.records("fetch")}
    cluster = {name: name for name in locator.values()}
    dropped = run._headwater("records", stage, "--dropped", "--json").splitlines()
    for line in map(json.loads, dropped):
        if "survivor" in line:
            cluster[locator[line["record"]]] = locator[line["survivor"]]
    for name, survivor in sorted(cluster.items()):
        yield {"id": ids[name], "cluster": ids[survivor]}


def passage_predictions(run, stage, ids):
    """Each passage that two documents share, in characters of both."""
    locator = {record["id"]: record["fields"]["locator"] for record in run.records("fetch")}
    texts = {}

    def place(name, record, numbers):
        if record not in texts:
            texts[record] = Path(run.corpus, locator[record]).read_bytes()
        start, length = numbers
        return {f"{name}_start": len(texts[record][:start].decode("utf-8")), f"{name}_end": len(texts[record][: start + length].decode("utf-8"))}

    for line in map(json.loads, run._headwater("records", stage, "--dropped", "--json").splitlines()):
        if line.get("kind") == "passage" and line["reason"] == "shared":
            a, b, details = line["record"], line["details"]["with"], line["details"]
            yield {"a": ids[locator[a]], "b": ids[locator[b]]} | place("a", a, details["range"]) | place("b", b, details["there"])


def write_lines(documents, path):
    """Writes labelled documents as lines that `fetch` reads, with the date that each is said to have.

    Gives, by locator, the document's id and a table from the bytes of its line to the characters of its text.
    """
    tables = {}
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for number, document in enumerate(map(json.loads, documents.open(encoding="utf-8"))):
            head = {"id": str(number)} | ({"published": document["date"]} if document.get("date") else {})
            before = json.dumps(head, ensure_ascii=False)[:-1] + ', "text": "'
            table, position = {}, len(before.encode("utf-8"))
            parts = [json.dumps(character, ensure_ascii=False)[1:-1] for character in document["text"]]
            for index, part in enumerate(parts):
                table[position] = index
                position += len(part.encode("utf-8"))
            table[position] = len(parts)
            lines.write(before + "".join(parts) + '"}\n')
            tables[f"{path.name}!/{number}"] = (document["id"], table)
    return tables


ENTITY_TYPES = {
    "person": "PER", "organization": "ORG", "place": "LOC", "event": "MISC", "demonym": "MISC", "work": "MISC",
}


def joined(mentions):
    out = []
    for mention in sorted(mentions, key=lambda one: (not one["direct"], one["start"])):
        cue = mention.pop("cue")
        if out and cue and mention["direct"] and out[-1][0] == cue:
            out[-1][1]["end"] = max(out[-1][1]["end"], mention["end"])
        else:
            out.append((cue, mention))
    return [mention for _, mention in out]


def mention_predictions(run, tables, task):
    """Character offsets into the documents, in the form of one extraction task; `tables` are those of `write_lines`."""
    locators = run.locators()
    found = {name: [] for name in tables}
    for record in run.records("extract"):
        fields, kind = record["fields"], record["kind"]
        wanted = {"attribution": ("quotation", "claim"), "dates": ("date",), "quantities": ("quantity",), "ner": ("entity",)}[task]
        if kind not in wanted:
            continue
        digest, start, end = hull(record)
        name = locators[digest]
        table = tables[name][1]
        mention = {"start": table[start], "end": table[end]}
        if task == "attribution":
            # The labels name a speaker as the sentence does: `he`.
            speaker = fields.get("mention") if kind == "quotation" else fields.get("source")
            mention |= {"speaker": speaker or "", "direct": kind == "quotation", "cue": record["cites"].get("cue")}
        elif task == "dates":
            mention |= {"type": fields["type"].upper(), "value": fields.get("value")}
        elif task == "quantities":
            mention |= {"value": fields.get("value"), "unit": fields.get("unit")}
        else:
            mention |= {"type": ENTITY_TYPES[fields["type"]]}
        found[name].append(mention)
    if task == "attribution":
        # What somebody says in several quotations around one verb is one attribution there.
        for name, mentions in found.items():
            found[name] = joined(mentions)
    member = {"attribution": "quotes", "dates": "timex", "quantities": "quantities", "ner": "entities"}[task]
    for name, mentions in sorted(found.items()):
        yield {"id": tables[name][0], member: mentions}


def summary_prediction(command, entry):
    """A summary of the entry's documents within its budget of words, its sentences on lines of their own."""
    with tempfile.TemporaryDirectory() as corpus:
        for number, document in enumerate(entry["docs"]):
            (Path(corpus) / f"{number:04}.txt").write_text(document["text"], encoding="utf-8")
        stage = f"  summarize: {{plugin: summarize, needs: fetch, with: {{sentences: 0, words: {entry['budget_words']}}}}}\n"
        run = Run(command, corpus, stage)
        return {"id": entry["id"], "text": "\n".join(" ".join(record["text"].split()) for record in run.records("summarize"))}
