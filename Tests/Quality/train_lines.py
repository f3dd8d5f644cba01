#!/usr/bin/env python3
"""train_lines.py CLEAN-SIGNALS FOLDER: train the trees that weigh the lines of flattened pages.

FOLDER holds `gold.jsonl` (id, text), `pages.jsonl` (id, file) and `flat-resiliparse.jsonl` with the files they name; the
HTML pages are flattened a second time here, by inscriptis, so that the trees learn no one tool's habits. CLEAN-SIGNALS is
the built `clean-signals`. Writes Plugins/Clean/Model/LineTrees.swift and prints what five-fold cross-validation by pages
says. Needs scikit-learn, numpy, inscriptis. The seed is fixed; the digest of the data stands in the file it writes.
"""
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import inscriptis
import numpy
from sklearn.ensemble import HistGradientBoostingClassifier

SEED = 7
FOLDS = 5
UNIT = 1024
TREES = Path(__file__).resolve().parents[2] / "Plugins/Clean/Model/LineTrees.swift"
TOKEN = re.compile(r"\w+")


def shingles(tokens):
    return Counter(tuple(tokens[i:i + 4]) for i in range(max(1, len(tokens) - 3)) if tokens)


def labels(gold, lines):
    """Whether each line is in the text: long ones by their shingles, each counted once, the lines that the rules keep
    first; short ones where the text goes on with them before or behind a line that is in it."""
    tokens = [TOKEN.findall(line["text"]) for line in lines]
    left, starts = shingles(gold), {}
    for index in range(len(gold) - 3):
        starts.setdefault(tuple(gold[index:index + 4]), index)
    inside, places = [None] * len(lines), [None] * len(lines)
    for index in sorted(range(len(lines)), key=lambda index: not lines[index]["isKept"]):
        if len(tokens[index]) < 5:
            continue
        own = shingles(tokens[index])
        inside[index] = 2 * sum(min(count, left[one]) for one, count in own.items()) >= sum(own.values())
        if inside[index]:
            left.subtract({one: min(count, left[one]) for one, count in own.items()})
            found = [starts[one] - offset for offset, one in enumerate(zip(*(tokens[index][i:] for i in range(4)))) if one in starts]
            places[index] = (found[0], found[-1] + len(tokens[index]))
    for order, behind in ((range(len(lines)), True), (reversed(range(len(lines))), False)):
        place = None
        for index in order:
            if inside[index]:
                place = places[index][1 if behind else 0]
            elif inside[index] is None and place is not None and tokens[index]:
                start = place if behind else place - len(tokens[index])
                if start >= 0 and gold[start:start + len(tokens[index])] == tokens[index]:
                    inside[index], places[index] = True, (start, start + len(tokens[index]))
                    place = places[index][1 if behind else 0]
    return [bool(one) for one in inside], [len(one) for one in tokens]


class Page:
    def __init__(self, name, gold, lines):
        self.fold = int(hashlib.sha256(name.encode()).hexdigest(), 16) % FOLDS
        inside, words = labels(gold, lines)
        self.inside, self.words = numpy.array(inside), numpy.array(words)
        self.kept = numpy.array([line["isKept"] for line in lines])
        self.signals = numpy.array([line["signals"] for line in lines], dtype=numpy.float32)
        # Each page counts the same, within it long lines more than short ones.
        self.weights = numpy.sqrt((numpy.minimum(self.words, 150) + 1.5) / max(len(gold), 60))
        self.gold = shingles(gold)
        self.tokens = [TOKEN.findall(line["text"]) for line in lines]

    def score(self, kept):
        """Precision and recall by shingles of the lines kept."""
        found = shingles([token for tokens, keep in zip(self.tokens, kept) if keep for token in tokens])
        both = sum((self.gold & found).values())
        return both / max(sum(found.values()), 1), both / max(sum(self.gold.values()), 1)

    def is_labelled(self):
        """Whether page and label belong together: not so where the rules' text and the label hardly meet."""
        return min(self.score(self.kept)) > 0.45

    def judged(self, scores):
        """The lines kept, as `LineJudge` has it."""
        best, weight, start = (0, 0, 0), 0, 0
        for index, value in enumerate(numpy.clip(scores + 1.25, -3, 3) * (numpy.minimum(self.words, 60) + 3)):
            if weight <= 0:
                weight, start = 0, index
            weight += value
            best = max(best, (weight, start, index + 1), key=lambda one: one[0])
        inside = numpy.arange(len(scores))
        return (inside >= best[1]) & (inside < best[2]) & numpy.where(self.kept, scores > -3, scores > 0.5)


def flattened(folder, target):
    for page in map(json.loads, (folder / "pages.jsonl").open(encoding="utf-8")):
        html = (folder / page["file"]).read_bytes().decode("utf-8", "replace")
        (target / (page["id"] + ".txt")).write_text(inscriptis.get_text(html), encoding="utf-8")
        yield page["id"] + ".txt", page["id"]


def pages(signals, folder, gold):
    with tempfile.TemporaryDirectory() as target:
        second = dict(flattened(folder, Path(target)))
        first = {Path(page["file"]).name: page["id"] for page in map(json.loads, (folder / "flat-resiliparse.jsonl").open())}
        for corpus, ids in ((folder / "flat-resiliparse", first), (target, second)):
            output = subprocess.run([signals, str(corpus)], check=True, stdout=subprocess.PIPE).stdout.splitlines()[1:]
            for page in map(json.loads, output):
                if page["file"] in ids and page["lines"] and gold[ids[page["file"]]]:
                    yield Page(ids[page["file"]], gold[ids[page["file"]]], page["lines"])


def trained(pages):
    # Few leaves, many lines in each, small steps, and a share of the columns at each split: some hundred pages teach no more.
    model = HistGradientBoostingClassifier(
        max_iter=200, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=120, l2_regularization=10.0, max_features=0.3,
        max_bins=64, early_stopping=False, random_state=SEED)
    weights = numpy.concatenate([page.weights for page in pages])
    return model.fit(
        numpy.concatenate([page.signals for page in pages]), numpy.concatenate([page.inside for page in pages]),
        sample_weight=weights / weights.mean())


def f1(scores):
    precision, recall = (float(numpy.mean(column)) for column in zip(*scores))
    return f"{2 * precision * recall / (precision + recall):.4f} (precision {precision:.3f}, recall {recall:.3f})"


def written(model):
    """The table that `TreeEnsemble` reads."""
    def tree(nodes, index):
        node = nodes[index]
        if node["is_leaf"]:
            return [f"={round(float(node['value']) * UNIT)}"]
        # Signals are whole numbers.
        threshold = int(numpy.floor(node["num_threshold"]))
        return [f"{node['feature_idx']}<={threshold}", *tree(nodes, node["left"]), *tree(nodes, node["right"])]
    lines = [str(round(float(model._baseline_prediction.ravel()[0]) * UNIT))]
    return lines + [" ".join(tree(trees[0].nodes, 0)) for trees in model._predictors]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder = Path(sys.argv[2])
    labelled = (folder / "gold.jsonl").read_bytes()
    gold = {page["id"]: TOKEN.findall(page["text"] or "") for page in map(json.loads, labelled.splitlines())}
    everything = list(pages(sys.argv[1], folder, gold))
    usable = [page for page in everything if page.is_labelled()]
    print(f"{len(everything)} flattened pages, {len(usable)} of them with a label that fits")
    print("rules alone:     ", f1([page.score(page.kept) for page in everything]))
    scores = []
    for fold in range(FOLDS):
        model = trained([page for page in usable if page.fold != fold])
        for page in everything:
            if page.fold == fold:
                scores.append(page.score(page.judged(model.decision_function(page.signals))))
    print("cross-validated: ", f1(scores))
    table = "\n".join("        " + line for line in written(trained(usable)))
    TREES.write_text(f'''/// The trees of `LineJudge`, written by `Tests/Quality/train_lines.py`, seed {SEED}, from {len(usable)} flattened news pages;
/// labels: sha256:{hashlib.sha256(labelled).hexdigest()}.
enum LineTrees {{
    /// What a score of one, the natural logarithm of the odds, is in the table.
    static let unit = {UNIT}

    // swift-format-ignore
    static let table: StaticString = """
{table}
        """
}}
''', encoding="utf-8")


if __name__ == "__main__":
    main()
