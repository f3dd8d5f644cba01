#!/usr/bin/env python3
"""benchmark.py HEADWATER TASK-BENCHMARK [NAME ...]: measure the built command against references in the same run.

NAME says what to measure: files, tasks, commands, plugins, scaling, memory, dedupe, lines, start, status, clean,
lineage; default: all. The corpora are made in a temporary folder
and removed with it: up to 3 GB, MEMORY_MB (default 256) of it for the memory. ROUNDS (default 5) is how often each is
measured, in turn with its reference. Figures are medians; the spread says how much else the machine had to do.
`lineage` makes a store of DOCUMENTS (default 100,000) and RUNS (default 1,000) and asks it; KEEP names a folder for it that stays and
is used again.
`clean` takes pages from the folder PAGES, if it is set, and is measured beside resiliparse where PYTHON (default: the one that
runs this) has it.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import corpora
import lineage as lineage_questions
from commands import commands
from measure import interleaved, measured, median, ratio, report
from plugins import plugins

ROUNDS = int(os.environ.get("ROUNDS", "5"))
STAGES = """
  clean: {plugin: clean, needs: fetch}
  dedupe: {plugin: dedupe, needs: clean, with: {similarity: 0.8}}
  extract: {plugin: extract, needs: dedupe}
  summarize: {plugin: summarize, needs: [dedupe, extract], with: {sentences: 8}}
"""


class Workspace:
    """A folder with a corpus, pipelines over it, and a store for each run that wants one of its own."""

    def __init__(self, headwater, folder):
        self.headwater = headwater
        self.folder = folder
        (folder / "pipelines").mkdir(parents=True, exist_ok=True)

    def pipeline(self, name, corpus, stages=""):
        text = f"headwater: 1\nname: {name}\nstages:\n  fetch: {{plugin: fetch, with: {{from: [../{corpus}]}}}}\n{stages}"
        path = self.folder / "pipelines" / f"{name}.yaml"
        path.write_text(text)
        return path

    def run(self, pipeline, store, *options, empty=False):
        if empty:
            shutil.rmtree(self.folder / store, ignore_errors=True)
        return measured([self.headwater, "run", str(pipeline), "--store", str(self.folder / store), *options])


def executed(headwater, store):
    """How many tasks the latest run carried out."""
    log = subprocess.run([headwater, "log", "--json", "--store", str(store)], check=True, capture_output=True, text=True)
    return sum(stage["executed"] for stage in json.loads(log.stdout.splitlines()[0])["stages"])


def files(headwater, _, folder):
    print("files: 100,000 of 4 KB in 100 folders, fetch alone", flush=True)
    work = Workspace(headwater, folder)
    corpora.small_files(folder / "files")
    pipeline = work.pipeline("files", "files")
    corpus = str(folder / "files")
    digests = f"find {corpus} -type f -print0 | xargs -0 -P 2 -n 1000 openssl dgst -sha256"
    cold, reference = interleaved(
        ROUNDS,
        lambda: work.run(pipeline, "store", "--jobs", "2", empty=True),
        lambda: measured(digests, shell=True))
    report("cold, processor", cold, "processor")
    report("cold, clock", cold, "clock")
    report("find and openssl dgst, clock", reference, "clock")
    ratio("rate against openssl", median(reference, "clock") / median(cold, "clock"), "at least 0.5")
    print(f"  {'most memory, cold':<44} {max(m.memory for m in cold) >> 20} MB (at most 200)")

    nothing, walked = interleaved(
        ROUNDS,
        lambda: work.run(pipeline, "store", "--jobs", "2"),
        lambda: measured(["find", corpus, "-printf", "%s %T@ %i\n"]))
    report("nothing changed, processor", nothing, "processor")
    report("find, processor", walked, "processor")
    ratio("nothing changed against find", median(nothing, "processor") / median(walked, "processor"), "at most 3")

    changed = []
    for number in range(ROUNDS):
        path = folder / "files" / "part050" / "file-050050.txt"
        path.write_bytes(f"changed {number}\n".encode() + path.read_bytes()[16:])
        changed.append(work.run(pipeline, "store", "--jobs", "2"))
        if executed(headwater, folder / "store") != 1:
            sys.exit("one changed file was to carry out one task")
    report("one file changed, processor", changed, "processor")
    share = (median(changed, "processor") - median(nothing, "processor")) / median(cold, "processor")
    ratio("beyond nothing changed, as a share of cold", share, "at most 0.02")


def tasks(_, benchmark, folder):
    count = 100_000
    print(f"tasks: {count:,} that do next to nothing, in one process", flush=True)
    store = folder / "tasks"
    results = {"cold": [], "no-op": []}
    for _ in range(ROUNDS):
        shutil.rmtree(store, ignore_errors=True)
        store.mkdir()
        lines = subprocess.run([benchmark, str(store), str(count)], check=True, capture_output=True, text=True).stdout
        for line in map(json.loads, lines.splitlines()):
            results[line["run"]].append(line["processorMicroseconds"] / line["tasks"])
    for name, values in results.items():
        values.sort()
        middle = values[len(values) // 2]
        print(f"  {name + ', processor for each task':<44} {middle:.0f} µs, least {values[0]:.0f}, most {values[-1]:.0f}", flush=True)


def scaling(headwater, _, folder):
    work = Workspace(headwater, folder)
    size = corpora.pages(folder / "scaling", 2000)
    print(f"scaling: five stages over 2,000 pages, {size >> 20} MB", flush=True)
    pipeline = work.pipeline("scaling", "scaling", STAGES)
    one, two = interleaved(
        ROUNDS,
        lambda: work.run(pipeline, "store", "--jobs", "1", empty=True),
        lambda: work.run(pipeline, "store", "--jobs", "2", empty=True))
    report("one job, clock", one, "clock")
    report("two jobs, clock", two, "clock")
    ratio("one against two", median(one, "clock") / median(two, "clock"), "at least 1.8 on two idle cores")


def memory(headwater, _, folder):
    work = Workspace(headwater, folder)
    wanted = int(os.environ.get("MEMORY_MB", "256")) << 20
    size = corpora.pages(folder / "memory", max(40, wanted // 14_000), sentences=120)
    print(f"memory: five stages over pages, {size >> 20} MB", flush=True)
    taken = work.run(work.pipeline("memory", "memory", STAGES), "store", empty=True)
    report("clock", [taken], "clock")
    print(f"  {'most memory':<44} {taken.memory >> 20} MB (at most 600)", flush=True)


def dedupe(headwater, _, folder):
    work = Workspace(headwater, folder)
    peaks = []
    counts = (20_000, 80_000)
    for count in counts:
        corpora.pages(folder / f"pages{count}", count, sentences=35)
        path = work.pipeline(f"dedupe{count}", f"pages{count}", "".join(STAGES.splitlines(keepends=True)[:3]))
        work.run(path, "store")
        print(f"dedupe: alone, over {count:,} pages of 4 KB", flush=True)
        taken = work.run(path, "store", "--force", "dedupe")
        report("processor", [taken], "processor")
        print(f"  {'most memory':<44} {taken.memory >> 20} MB", flush=True)
        peaks.append(taken.memory)
    grown = (peaks[1] - peaks[0]) / (counts[1] - counts[0])
    print(f"  {'more memory for each page more, all stages':<44} {grown:.0f} bytes", flush=True)


def lines(headwater, _, folder):
    work = Workspace(headwater, folder)
    size = corpora.lines(folder / "lines")
    print(f"lines: one file of 1,000,000 lines of JSON, {size >> 20} MB, fetch alone", flush=True)
    pipeline = work.pipeline("lines", "lines")
    for what in ("cold", "nothing changed"):
        taken = work.run(pipeline, "store")
        report(what + ", processor", [taken], "processor")
        print(f"  {what + ', most memory':<44} {taken.memory >> 20} MB (at most 300)", flush=True)


def start(headwater, _, folder):
    print("start: headwater --version", flush=True)
    (taken,) = interleaved(4 * ROUNDS, lambda: measured([headwater, "--version"]))
    print(f"  {'processor':<44} {median(taken, 'processor') * 1000:.0f} ms (at most 30)", flush=True)


def status(headwater, _, folder):
    print("status: a store of 1,000 runs of three stages", flush=True)
    work = Workspace(headwater, folder)
    corpora.pages(folder / "few", 40, sentences=10)
    path = work.pipeline("few", "few", "".join(STAGES.splitlines(keepends=True)[:3]))
    for _ in range(1000):
        work.run(path, "store", "--quiet")
    (taken,) = interleaved(4 * ROUNDS, lambda: measured([headwater, "status", "--store", str(folder / "store")]))
    print(f"  {'processor':<44} {median(taken, 'processor') * 1000:.0f} ms (at most 60)", flush=True)


def clean(headwater, _, folder):
    work = Workspace(headwater, folder)
    given = os.environ.get("PAGES")
    if given:
        shutil.copytree(given, folder / "pages")
    else:
        corpora.pages(folder / "pages", 1000)
    count = sum(path.is_file() for path in (folder / "pages").rglob("*"))
    print(f"clean: {count:,} pages, lineage included", flush=True)
    python, peer = os.environ.get("PYTHON", sys.executable), str(Path(__file__).with_name("peer_resiliparse.py"))
    fetching = work.pipeline("fetching", "pages")
    cleaning = work.pipeline("cleaning", "pages", "  clean: {plugin: clean, needs: fetch}\n")
    actions = [
        lambda: work.run(fetching, "store", "--jobs", "1", empty=True),
        lambda: work.run(cleaning, "store", "--jobs", "1", empty=True),
    ]
    has_peer = subprocess.run([python, peer], stderr=subprocess.DEVNULL).returncode == 0
    if has_peer:
        actions += [lambda: measured([python, peer]), lambda: measured([python, peer, str(folder / "pages")])]
    fetched, cleaned, *others = interleaved(ROUNDS, *actions)
    both = median(cleaned, "processor")
    print(f"  {'fetch and clean, pages per second of processor':<50} {count / both:.0f}")
    print(f"  {'clean alone':<50} {count / (both - median(fetched, 'processor')):.0f}")
    if has_peer:
        reference = median(others[1], "processor") - median(others[0], "processor")
        print(f"  {'resiliparse, without the start of Python':<50} {count / reference:.0f}")
        ratio("fetch and clean against resiliparse", reference / both, "at least 0.5")
    else:
        print(f"  resiliparse is not there for {python}: passed over", flush=True)

    for name, paragraph in (("long", corpora.plain), ("dense", corpora.marked_up)):
        page = corpora.long_page(folder / name, paragraph)
        pipeline = work.pipeline(name, name, "  clean: {plugin: clean, needs: fetch}\n")
        taken = work.run(pipeline, "store", "--jobs", "1", empty=True)
        what = f"most memory, {name} page of {page >> 20} MB"
        print(f"  {what:<50} {taken.memory >> 20} MB (at most {(8 * page >> 20) + 30})", flush=True)


def lineage(headwater, _, folder):
    kept = os.environ.get("KEEP")
    work = Workspace(headwater, Path(kept) if kept else folder)
    lineage_questions.ask(work, int(os.environ.get("DOCUMENTS", "100000")), int(os.environ.get("RUNS", "1000")), ROUNDS)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    known = {
        function.__name__: function
        for function in (files, tasks, commands, plugins, scaling, memory, dedupe, lines, start, status, clean, lineage)
    }
    headwater, benchmark = (str(Path(argument).resolve()) for argument in sys.argv[1:3])
    for name in sys.argv[3:] or known:
        if name not in known:
            sys.exit(f"there is no {name}; expected {', '.join(known)}")
        with tempfile.TemporaryDirectory(prefix="headwater-benchmark-") as folder:
            known[name](headwater, benchmark, Path(folder))


if __name__ == "__main__":
    main()
