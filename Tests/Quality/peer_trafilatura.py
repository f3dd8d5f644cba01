#!/usr/bin/env python3
"""peer_trafilatura.py FOLDER: what trafilatura's own metadata says of the pages of a labelled set, by the measure of evaluate.py.

FOLDER holds `gold.jsonl` (id, title, date) and `pages.jsonl` (id, file) with the HTML files. Needs trafilatura.
"""
import json
import sys
from pathlib import Path

import trafilatura
from evaluate import field_scores


def stated(page):
    document = trafilatura.extract_metadata(page.read_bytes())
    if document is None:
        return {}
    fields = {"title": document.title, "published": document.date, "author": document.author}
    return {name: value for name, value in fields.items() if value}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    pages = map(json.loads, (folder / "pages.jsonl").open(encoding="utf-8"))
    field_scores(((page["id"], stated(folder / page["file"])) for page in pages), folder / "gold.jsonl")


if __name__ == "__main__":
    main()
