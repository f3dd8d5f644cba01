"""What questions of lineage take on a store of many documents and runs, and what the index costs that answers them."""
import json
import subprocess

import corpora
from measure import interleaved, measured, median, ratio

STAGES = """
  clean: {plugin: clean, needs: fetch}
  extract: {plugin: extract, needs: clean}
"""


def ask(work, documents, runs, rounds):
    print(f"lineage: {documents:,} documents, three stages, {runs:,} runs", flush=True)
    store = work.folder / "store"
    if not (work.folder / "made").exists():
        size = corpora.articles(work.folder / "articles", documents)
        print(f"  {'sources':<50} {size >> 20} MB", flush=True)
        taken = work.run(work.pipeline("large", "articles", STAGES), "store", "--quiet")
        (work.folder / "made").write_text(f"{taken.processor}")
        print(f"  {'the large run, most memory':<50} {taken.memory >> 20} MB", flush=True)
    ran = float((work.folder / "made").read_text())
    print(f"  {'the large run, processor, with its indexing':<50} {ran:.1f} s", flush=True)

    index = store / "index.sqlite"
    stored = sum(path.stat().st_size for path in store.rglob("*") if path.is_file() and path != index)

    def rebuild():
        index.unlink(missing_ok=True)
        return measured([work.headwater, "find", "run", "--limit", "1", "--store", str(store)])

    (rebuilt,) = interleaved(1, rebuild)
    share = index.stat().st_size / stored
    print(f"  {'store':<50} {stored >> 20} MB", flush=True)
    print(f"  {'index':<50} {index.stat().st_size >> 20} MB, {share:.1%} (at most 10 %)", flush=True)
    taken = median(rebuilt, "processor")
    print(f"  {'making the index anew, processor':<50} {taken:.1f} s, {taken / ran:.1%} of the run's (at most 5 %)", flush=True)
    rate = read(work, store) / median(rebuilt, "clock") / 1e6
    ratio("MB of records indexed in a second", rate, "at least 100")
    print(f"  {'making it anew, most memory':<50} {max(m.memory for m in rebuilt) >> 20} MB", flush=True)

    if not (work.folder / "many").exists():
        corpora.pages(work.folder / "few", 40, sentences=10)
        path = work.pipeline("few", "few", "  clean: {plugin: clean, needs: fetch}\n")
        for number in range(runs):
            if number % 10 == 0:
                (work.folder / "few" / "site00.example" / "page000000.html").write_text(f"<p>Changed {number} times over.</p>")
            work.run(path, "store", "--quiet")
        (work.folder / "many").write_text("")
    questions(work, store, documents, rounds)


def read(work, store):
    """Bytes of records in the store's artifacts, each shard once."""
    text = subprocess.run(
        [work.headwater, "query", "SELECT sum(bytes) FROM shard", "--format", "csv", "--store", str(store)], check=True,
        capture_output=True, text=True).stdout
    return int(text.splitlines()[1])


def questions(work, store, documents, rounds):
    def command(*arguments):
        return [work.headwater, *arguments, "--store", str(store)]

    middle = documents // 2
    locator = f"articles.jsonl!/article-{middle:07d}"
    found = subprocess.run(
        command("find", "record", "kind=claim", "text~ledger of house " + str(middle), f"fields.locator={locator}", "--json"),
        capture_output=True, text=True).stdout
    record = json.loads(found.splitlines()[0])["record"] if found else None
    asked = [
        ("trace of a sentence by its number", 20, command("trace", f"large/extract#{middle}:0-5")),
        ("impact of a source", 50, command("impact", f"source:{locator}")),
        ("find a source by locator", 100, command("find", "source", f"locator={locator}")),
        ("find records by a field's value", 100, command("find", "record", f"fields.locator={locator}")),
        ("find records by words of a field", 100, command("find", "record", "fields.speaker~ostrel", "--limit", "5")),
        ("status", 60, command("status")),
        ("--version", 30, [work.headwater, "--version"]),
    ]
    if record:
        asked.insert(1, ("trace of a record by its id", 20, command("trace", record)))
    results = interleaved(rounds, *[lambda arguments=arguments: measured(arguments) for _, _, arguments in asked])
    for (what, most, _), taken in zip(asked, results):
        memory = max(m.memory for m in taken) >> 20
        print(f"  {what:<50} {median(taken, 'processor') * 1000:.0f} ms (at most {most}), {memory} MB", flush=True)
