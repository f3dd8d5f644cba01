"""Corpora that the benchmark makes itself: the same bytes each time, of no one's text."""
import json
import random
from pathlib import Path

WORDS = (
    "river stone gate water valley bridge morning council engineer report repair flood lamp house market road station harbour "
    "winter signal mechanic village school bread ledger clock tower field orchard letter"
).split()


def small_files(folder, count=100_000, size=4096, folders=100):
    """Plain text of random words, each file of exactly `size` bytes, spread over folders."""
    chance = random.Random(7)
    text = "".join(chance.choice(WORDS) + ("\n" if chance.random() < 0.1 else " ") for _ in range(400_000)).encode()
    for number in range(count):
        place = folder / f"part{number % folders:03d}"
        if number < folders:
            place.mkdir(parents=True)
        start = chance.randrange(len(text) - size)
        head = f"{number:08d}\n".encode()
        (place / f"file-{number:06d}.txt").write_bytes(head + text[start : start + size - len(head)])


def sentence(chance):
    words = [
        chance.choice(WORDS) + str(chance.randint(1, 400)) if chance.random() < 0.2 else chance.choice(WORDS)
        for _ in range(chance.randint(8, 20))
    ]
    text = " ".join(words)
    kind = chance.random()
    if kind < 0.1:
        return f"“{text[0].upper()}{text[1:]},” said Mara Ostrel, an engineer."
    if kind < 0.2:
        return f"On {chance.randint(1, 28)} March 2025 the council of Veldebrig paid {chance.randint(2, 900)} euros for {text}."
    return text[0].upper() + text[1:] + "."


def pages(folder, count, sentences=60, seed=7):
    """Pages with a menu, a heading and paragraphs of five sentences, 40 sites; returns their bytes in all."""
    chance = random.Random(seed)
    size = 0
    for number in range(count):
        site = folder / f"site{number % 40:02d}.example"
        if number < 40:
            site.mkdir(parents=True)
        paragraphs = [" ".join(sentence(chance) for _ in range(5)) for _ in range(sentences // 5)]
        page = (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Page {number}</title></head><body>'
            f'<nav><a href="/">Home</a></nav><article><h1>Page {number}</h1><p>' + "</p>\n<p>".join(paragraphs)
            + "</p></article></body></html>"
        ).encode()
        (site / f"page{number:06d}.html").write_bytes(page)
        size += len(page)
    return size


def marked_up(chance):
    """A short paragraph that changes between text and markup every dozen bytes."""
    def words(least, most):
        return " ".join(chance.choice(WORDS) for _ in range(chance.randint(least, most)))

    link = f'<a href="/{chance.choice(WORDS)}-{chance.randint(1, 999)}.html">{words(3, 3)}</a>'
    return f"<p>{words(6, 12).capitalize()} &amp; {link}, &ldquo;{words(2, 2)}&rdquo; <b>{words(1, 1)}</b> and {words(6, 12)}.</p>\n"


def plain(chance):
    return "<p>" + " ".join(sentence(chance) for _ in range(5)) + "</p>\n"


def long_page(folder, paragraph, size=8 << 20, seed=7):
    """One page of at least `size` bytes, of paragraphs as `paragraph` makes them; returns how many bytes it has."""
    chance = random.Random(seed)
    folder.mkdir()
    paragraphs, length = [], 0
    while length < size:
        paragraphs.append(paragraph(chance))
        length += len(paragraphs[-1].encode())
    page = f"<!DOCTYPE html><html><head><title>Ledger</title></head><body><article>{''.join(paragraphs)}</article></body></html>".encode()
    (folder / "ledger.html").write_bytes(page)
    return len(page)


def lines(folder, count=1_000_000, seed=7):
    """One file of JSON Lines; returns how many bytes it has."""
    chance = random.Random(seed)
    folder.mkdir()
    texts = [" ".join(sentence(chance) for _ in range(8))[:640] for _ in range(2000)]
    path = folder / "lines.jsonl"
    with path.open("w") as file:
        for number in range(count):
            file.write(json.dumps({"id": f"line-{number:07d}", "text": f"{number} {chance.choice(texts)}"}) + "\n")
    return path.stat().st_size


def articles(folder, count, seed=7):
    """One file of JSON Lines with a short article each, no two alike; returns its bytes."""
    chance = random.Random(seed)
    folder.mkdir()
    sentences = [sentence(chance) for _ in range(50_000)]
    path = folder / "articles.jsonl"
    with path.open("w") as file:
        for number in range(count):
            body = " ".join(chance.choices(sentences, k=7))
            text = f"The ledger of house {number} was opened in Tarvik on {1 + number % 28} May 2025. {body}"
            file.write(json.dumps({"id": f"article-{number:07d}", "text": text}) + "\n")
    return path.stat().st_size
