#!/usr/bin/env python3
"""train_names.py NAME-SIGNALS WIKIGOLD [FOLDER ...]: learn the weights of the tagger of names.

WIKIGOLD holds `docs.jsonl` (id, text) and `gold.jsonl` (id, entities with start, end, type); NAME-SIGNALS is the built
`name-signals`. Learns from it and from the pages that `Names/newswire.py` writes, writes Sources/CNameTables/weights.c, and
prints what five-fold cross-validation by documents says of WIKIGOLD, and how well each FOLDER, of the same form, is read
that nothing was learnt from. Needs python-crfsuite, and what `Sources/CNameTables/make.py` needs.
"""
import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path

import pycrfsuite

sys.path.insert(0, str(Path(__file__).parent / "Names"))
import newswire  # noqa: E402

SEED, FOLDS, PAGES, UNIT = 7, 5, 150, 256
L1, L2 = 0.2, 0.3
KINDS = ["PER", "ORG", "LOC", "MISC"]
TAGS = ["O"] + [f"{mark}-{kind}" for kind in KINDS for mark in "BI"]
WEIGHTS = Path(__file__).resolve().parents[2] / "Sources/CNameTables/weights.c"


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def documents(folder):
    gold = {one["id"]: one["entities"] for one in lines(folder / "gold.jsonl")}
    return [{"id": one["id"], "text": one["text"], "entities": gold[one["id"]]} for one in lines(folder / "docs.jsonl")]


def tag(start, entities):
    for entity in entities:
        if entity["start"] <= start < entity["end"] and entity["type"] in KINDS:
            return ("B-" if start == entity["start"] else "I-") + entity["type"]
    return "O"


def sentences(command, pages):
    """(page, [(start, end, signals)], [tag]) of every sentence, in characters."""
    given = "".join(json.dumps({"id": page["id"], "text": page["text"]}, ensure_ascii=False) + "\n" for page in pages)
    answer = subprocess.run([command], input=given.encode(), stdout=subprocess.PIPE, check=True).stdout
    out = []
    for page, line in zip(pages, answer.splitlines()):
        place, characters = 0, {}
        for index, character in enumerate(page["text"]):
            characters[place] = index
            place += len(character.encode())
        characters[place] = len(page["text"])
        for sentence in json.loads(line)["sentences"]:
            tokens = [(characters[start], characters[end], list(map(str, signals))) for start, end, *signals in sentence]
            tags = [tag(start, page["entities"]) for start, _, _ in tokens]
            # A name that began before the sentence's first token, or between tokens, begins with the first that is there.
            for index, one in enumerate(tags):
                if one[0] == "I" and (index == 0 or tags[index - 1][2:] != one[2:]):
                    tags[index] = "B-" + one[2:]
            out.append((page["id"], tokens, tags))
    return out


def learn(examples, path):
    trainer = pycrfsuite.Trainer(verbose=False)
    for _, tokens, tags in examples:
        trainer.append([signals for _, _, signals in tokens], tags)
    trainer.set_params({"c1": L1, "c2": L2, "max_iterations": 150, "feature.possible_transitions": True})
    trainer.train(str(path))
    model = pycrfsuite.Tagger()
    model.open(str(path))
    return model


def names(tokens, tags):
    """(start, end, kind) of each name."""
    out, before = [], "O"
    for (start, end, _), one in zip(tokens, tags):
        if one[0] == "B" or one[0] == "I" and before[2:] != one[2:]:
            out.append([start, end, one[2:]])
        elif one[0] == "I":
            out[-1][1] = end
        before = one
    return {tuple(name) for name in out}


def score(name, pages, found):
    """Typed F1 over whole documents."""
    right = guessed = labelled = 0
    for page in pages:
        gold = {(one["start"], one["end"], one["type"]) for one in page["entities"]}
        mine = found.get(page["id"], set())
        right, guessed, labelled = right + len(gold & mine), guessed + len(mine), labelled + len(gold)
    print(f"{name}: {labelled} names, precision {right / guessed:.3f}, recall {right / labelled:.3f}, F1 {2 * right / (guessed + labelled):.3f}")


def read(model, examples):
    found = {}
    for page, tokens, _ in examples:
        found.setdefault(page, set()).update(names(tokens, model.tag([signals for _, _, signals in tokens])))
    return found


def write(model, digest):
    info = model.info()
    table = {}
    for (signal, tag), weight in info.state_features.items():
        if round(weight * UNIT):
            table.setdefault(int(signal), []).append(round(weight * UNIT) * 16 + TAGS.index(tag))
    steps = [round(info.transitions.get((before, after), 0) * UNIT) for before in TAGS for after in TAGS]

    def array(kind, name, values):
        out, line = f"static const {kind} {name}[] = {{\n", ""
        for value in values:
            if len(line) + len(str(value)) > 118:
                out, line = out + line + "\n", ""
            line += f"{value},"
        return out + line + "\n};\n"

    rows = sorted(table.items())
    WEIGHTS.write_text(
        f"// Made by Tests/Quality/train_names.py, see there; seed {SEED}, {PAGES} pages of Names/newswire.py, labels sha256:{digest}\n"
        f'#include "names.h"\n\nconst uint32_t headwater_signal_count = {len(rows)};\n'
        + array("uint32_t", "signals", (f"{signal}u" for signal, _ in rows))
        + array("uint8_t", "signal_weights", (len(weights) for _, weights in rows))
        + array("int32_t", "weights", (weight for _, weights in rows for weight in sorted(weights)))
        + array("int32_t", "transitions", steps)
        + "\nconst uint32_t *headwater_signals(void) { return signals; }\n"
        "const uint8_t *headwater_signal_weights(void) { return signal_weights; }\n"
        "const int32_t *headwater_weights(void) { return weights; }\n"
        "const int32_t *headwater_transitions(void) { return transitions; }\n")
    print(f"{WEIGHTS.name}: {len(rows)} signals, {sum(len(weights) for _, weights in rows)} weights")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    command, folder = sys.argv[1], Path(sys.argv[2])
    pages = documents(folder)
    labelled = sentences(command, pages)
    own = sentences(command, list(newswire.pages(PAGES, SEED)))
    scratch = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    model = learn(labelled + own, scratch / "all.crf")
    write(model, hashlib.sha256((folder / "docs.jsonl").read_bytes() + (folder / "gold.jsonl").read_bytes()).hexdigest())
    for other in map(Path, sys.argv[3:]):
        others = documents(other)
        score(other.name, others, read(model, sentences(command, others)))
    ids, found = sorted(page["id"] for page in pages), {}
    random.Random(SEED).shuffle(ids)
    for fold in range(FOLDS):
        held = set(ids[fold::FOLDS])
        model = learn([one for one in labelled if one[0] not in held] + own, scratch / "fold.crf")
        found |= read(model, [one for one in labelled if one[0] in held])
    score(f"{folder.name}, cross-validated", pages, found)


main()
