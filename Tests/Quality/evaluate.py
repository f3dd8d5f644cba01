#!/usr/bin/env python3
"""evaluate.py HEADWATER FOLDER [SET ...]: score the built command on a folder of labelled data.

FOLDER holds `seeds/`, `clean/`, `dedupe/`, `extract/` and the scorers in `tools/`; what is not there is passed over, and
said so. Every record made on the way is verified. SET names what to score (seeds, clean, dedupe, extract, summarize); default: all.
"""
import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

import adapters


def write(predictions):
    file = tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8", delete=False)
    with file:
        for prediction in predictions:
            file.write(json.dumps(prediction, ensure_ascii=False) + "\n")
    return file.name


def score(tools, script, *arguments):
    print(f"\n== {script} {' '.join(str(a) for a in arguments[:1])}", flush=True)
    subprocess.run([sys.executable, str(tools / script), *map(str, arguments)], check=False)


def proven(run):
    report = run.verify()
    modes = ", ".join(f"{mode} {count}" for mode, count in sorted(report["bytesByMode"].items(), key=lambda item: -item[1])[:4])
    print(f"   verified: {report['records']} records, {len(report['faults'])} faults; bytes: {modes}")


def seeds(command, folder):
    with tempfile.TemporaryDirectory() as corpus:
        for page in sorted((folder / "seeds").glob("*.txt")):
            (Path(corpus) / page.name).write_bytes(page.read_bytes())
        run = adapters.Run(command, corpus, adapters.FULL)
        score(folder / "tools", "score_seeds.py", folder / "seeds/gold", write(adapters.seed_predictions(run)))
        proven(run)


def words(text):
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", text or "").lower()).strip()


def field_scores(pages, gold):
    """How many titles and days of publication are the labelled ones, word for word, and how many pages have each field.

    `pages` gives the id of each page and the fields that are stated of it.
    """
    labels = {label["id"]: label for label in map(json.loads, gold.open(encoding="utf-8"))}
    right, labelled, found = Counter(), Counter(), Counter()
    for page, stated in pages:
        label = labels.get(page, {})
        found.update(stated.keys() - {"locator", "mediaType", "charset"})
        if label.get("title"):
            labelled["title"] += 1
            right["title"] += words(stated.get("title")) == words(label["title"])
        if label.get("date"):
            labelled["published"] += 1
            right["published"] += stated.get("published", "")[:10] == label["date"][:10]
    for field, count in sorted(labelled.items()):
        print(f"   {field}: {right[field]} of {count} right")
    print("   fields found: " + ", ".join(f"{field} {count}" for field, count in sorted(found.items())))


def fields(run, files, gold):
    field_scores(((files[record["fields"]["locator"]], record["fields"]) for record in run.records("clean")), gold)


def clean(command, folder):
    for name in ["scrapinghub", "newspages", "cleanportal"]:
        base = folder / "clean" / name
        for pages in sorted(base.glob("*.jsonl")):
            if pages.name == "gold.jsonl":
                continue
            files = {Path(page["file"]).name: page["id"] for page in map(json.loads, pages.open(encoding="utf-8"))}
            corpus = base / ("html" if pages.stem == "pages" else pages.stem)
            run = adapters.Run(command, corpus, adapters.CLEAN)
            print(f"\n{name}, {corpus.name}")
            score(folder / "tools", "clean_eval.py", base / "gold.jsonl", write(adapters.text_predictions(run, files)))
            fields(run, files, base / "gold.jsonl")
            proven(run)


def documents(path):
    """Ids by file name, and a folder with one file each."""
    ids = {}
    folder = tempfile.TemporaryDirectory()
    for document in map(json.loads, path.open(encoding="utf-8")):
        name = document["id"].replace("/", "_") + ".txt"
        ids[name] = document["id"]
        (Path(folder.name) / name).write_text(document["text"], encoding="utf-8", newline="")
    return ids, folder


def dedupe(command, folder):
    for base in sorted((folder / "dedupe").iterdir()):
        ids, corpus = documents(base / "docs.jsonl")
        run = adapters.Run(command, corpus.name, "  dedupe: {plugin: dedupe, needs: fetch}\n")
        score(folder / "tools", "dedupe_eval.py", base, write(adapters.cluster_predictions(run, "dedupe", ids)))
        levels = "[bytes, text, near, containment, url, canonical, passages]"
        run = adapters.Run(command, corpus.name, f"  dedupe: {{plugin: dedupe, needs: fetch, with: {{levels: {levels}}}}}\n")
        score(folder / "tools", "dedupe_eval.py", base, write(adapters.passage_predictions(run, "dedupe", ids)), "--passages")


def extract(command, folder):
    for base in sorted((folder / "extract").iterdir()):
        task = base.name.split("-")[0]
        if base.name.endswith("-specs"):
            continue  # single phrases, no documents
        with tempfile.TemporaryDirectory() as corpus:
            tables = adapters.write_lines(base / "docs.jsonl", Path(corpus) / "docs.jsonl")
            run = adapters.Run(command, corpus, "  extract: {plugin: extract, needs: fetch}\n", fetch="carry: [published]")
            score(folder / "tools", "extract_eval.py", base, write(adapters.mention_predictions(run, tables, task)))
            proven(run)


def summarize(command, folder):
    """One summary for each entry, as long as its references; a list of documents is one corpus."""
    for path in sorted((folder / "summarize").glob("*/docs.jsonl")):
        entries = [json.loads(line) for line in path.open(encoding="utf-8")]
        predictions = (adapters.summary_prediction(command, entry) for entry in entries)
        score(folder / "tools", "summarize_eval.py", path.parent, write(predictions))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    command, folder = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2])
    sets = {"seeds": seeds, "clean": clean, "dedupe": dedupe, "extract": extract, "summarize": summarize}
    for name in sys.argv[3:] or list(sets):
        if (folder / name).is_dir():
            sets[name](command, folder)
        else:
            print(f"{name}: not in {folder}, passed over")


if __name__ == "__main__":
    main()
