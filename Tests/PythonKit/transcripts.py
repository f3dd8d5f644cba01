#!/usr/bin/env python3
"""Plays the engine's part of each transcript under docs/transcripts to the Python kit, and compares what it answers.

    Tests/PythonKit/transcripts.py             exit status 1 if an answer is another
    Tests/PythonKit/transcripts.py --rewrite   puts today's answers into the files
"""
import io
import json
import os
import sys

from stages import ROOT, STAGES

import headwater

FOLDER = os.path.join(ROOT, "docs", "transcripts")
TO_PLUGIN, TO_ENGINE = "→ ", "← "


def answers(name, lines):
    """What the stage answers to each line: a list of lines for each."""
    sink = io.BytesIO()
    told = []

    class Source:
        def readline(self):
            if told:
                server.flush()
                told[-1][1].extend(sink.getvalue().decode().splitlines())
                sink.seek(0)
                sink.truncate()
            if len(told) == len(lines):
                return b""
            told.append((lines[len(told)], []))
            return told[-1][0].encode() + b"\n"

    server = headwater._Server(STAGES[name], Source(), sink)
    server.serve()
    server.flush()
    if told:
        told[-1][1].extend(sink.getvalue().decode().splitlines())
    return told


def play(path):
    """The transcript as it would be today."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    name = next(json.loads(line[len(TO_ENGINE):])["name"] for line in lines if line.startswith(TO_ENGINE))
    engine = [line[len(TO_PLUGIN):] for line in lines if line.startswith(TO_PLUGIN)]
    out = [line for line in lines if line.startswith("#")]
    for question, answered in answers(name, engine):
        out.append(TO_PLUGIN + question)
        out.extend(TO_ENGINE + line for line in answered)
    return "\n".join(lines) + "\n", "\n".join(out) + "\n"


def main():
    faults = 0
    for file in sorted(os.listdir(FOLDER)):
        if not file.endswith(".jsonl") or file == "refused.jsonl":
            continue
        path = os.path.join(FOLDER, file)
        written, played = play(path)
        if "--rewrite" in sys.argv:
            with open(path, "w", encoding="utf-8") as out:
                out.write(played)
        elif written != played:
            faults += 1
            print(f"{file}\n--- the transcript\n{written}--- the kit\n{played}")
    print(f"{faults} transcripts differ" if faults else "the kit says what the transcripts say")
    sys.exit(1 if faults else 0)


main()
