#!/usr/bin/env python3
"""peer_resiliparse.py FOLDER: the main text of every page in a folder, by resiliparse, to nowhere. With no folder: only start."""
import sys
from pathlib import Path

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import detect_encoding
from resiliparse.parse.html import HTMLTree

for folder in sys.argv[1:]:
    for page in sorted(Path(folder).rglob("*.htm*")):
        text = page.read_bytes()
        extract_plain_text(HTMLTree.parse_from_bytes(text, detect_encoding(text)), main_content=True)
