#!/usr/bin/env python3
"""Replays the sessions that the documentation shows, and compares what the commands print with what the pages say.

    docs/check.py .build-release/release/headwater              lists every difference; exit status 1 if there is one
    docs/check.py .build-release/release/headwater --rewrite    puts the digests, ids and numbers of today into the pages

A session is a code block that begins with `$ `. In what follows a command, `…` stands for anything, and a line `…` for any
lines. Run ids, task keys, times and durations are not compared. What differs in more than ids and numbers is for a person to mend.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Each page with what its sessions need: the sample pipelines, and commands to begin with.
PAGES = [
    ("README.md", True, ""),
    ("docs/tutorial.md", False, ""),
    ("docs/lineage-guide.md", True, "headwater run pipelines/quickstart.yaml --quiet"),
    ("docs/write-a-stage.md", True, ""),
    ("docs/questions.md", True, "headwater run pipelines/quickstart.yaml --quiet"),
    ("docs/export.md", True, "headwater run pipelines/quickstart.yaml --quiet"),
]
# A block that a page has the reader paste into a folder of their own; its first line makes that folder.
PASTED = "mkdir -p ~/storm && cd ~/storm\n"
# A block that writes a file.
WRITTEN = "cat > "

REWRITES = "--rewrite" in sys.argv
VOLATILE = re.compile(
    r"run:[0-9a-f]{6,16}|\d+\.\d+ s\b|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    # Task keys hold the versions of system libraries, so on another system they may differ.
    + ("" if REWRITES else r"|task key sha256:[0-9a-f]{12}"))
VALUE = re.compile(r"\b[0-9a-f]{8,64}\b|\d+")


def pattern(expected, captures):
    """What the page says as a regular expression; the ids and numbers in it become groups, listed in `captures`."""
    out = ""
    for line in expected.rstrip("\n").split("\n"):
        if line.strip() == "…":
            out += r"(?:.*\n)*?"
            continue
        for index, part in enumerate(line.split("…")):
            out += ".*?" if index else ""
            end = 0
            for found in re.finditer(f"({VOLATILE.pattern})|({VALUE.pattern})", part):
                out += re.escape(part[end:found.start()])
                if found.group(1):
                    out += f"(?:{VOLATILE.pattern})"
                else:
                    captures.append(found.group())
                    length = len(found.group())
                    out += f"([0-9a-f]{{{length}}})" if length >= 8 else r"(\d+)"
                end = found.end()
            out += re.escape(part[end:])
        out += r"\n"
    return out


def renamed(text, names):
    """The text with each id replaced, also where it is cut short."""
    def new(found):
        for old, replacement in names.items():
            if old.startswith(found.group()) or found.group().startswith(old):
                return (replacement + found.group()[len(old):])[:len(found.group())]
        return found.group()
    return re.sub(r"\b[0-9a-f]{8,64}\b", new, text)


def replay(block, folder, environment, names, faults, page):
    """Runs the commands of a block; gives the block with today's ids and numbers."""
    out = ""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, expected = part.partition("\n")
        command = renamed(command, names)
        ran = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True)
        printed = (ran.stderr + ran.stdout).rstrip("\n") + "\n"
        compared = expected
        if "--json" in command:  # One line; the page breaks it where it reads best.
            compared, printed = re.sub(r"\n *", "", expected) + "\n", printed.replace("\n", "") + "\n"
        captures = []
        found = re.fullmatch(pattern(compared, captures), printed) if expected.strip() else True
        if not found:
            faults.append(f"{page}: $ {command}\n--- the page says\n{expected}--- the command prints\n{printed}")
        elif expected.strip() and list(found.groups()) != captures:
            faults.append(f"{page}: $ {command}: ids or numbers differ")
            values = iter(found.groups())
            for old, new in zip(captures, found.groups()):
                if len(old) >= 8 and not old.isdigit():
                    names[old] = new
            # Volatile parts keep what the page has; all other ids and numbers are those of today.
            expected = re.sub(
                f"({VOLATILE.pattern})|({VALUE.pattern})", lambda m: m.group() if m.group(1) else next(values), expected)
        out += f"$ {command}\n{expected}"
    return out


def check(page, needs_samples, begin, headwater, faults, names):
    path = os.path.join(ROOT, page)
    text = open(path, encoding="utf-8").read()
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, "bin"))
        os.symlink(headwater, os.path.join(folder, "bin", "headwater"))
        work = os.path.join(folder, "work")
        os.makedirs(work)
        if needs_samples:
            shutil.copytree(os.path.join(ROOT, "pipelines"), os.path.join(work, "pipelines"))
        environment = dict(os.environ, PATH=os.path.join(folder, "bin") + ":" + os.environ["PATH"], NO_COLOR="1")
        subprocess.run(["bash", "-c", begin], cwd=work, env=environment, check=True)

        def block(found):
            body = found.group(1)
            if body.startswith(PASTED):
                subprocess.run(["bash", "-c", body[len(PASTED):]], cwd=work, env=environment, check=True)
            elif body.startswith(WRITTEN):
                subprocess.run(["bash", "-c", body], cwd=work, env=environment, check=True)
            elif body.startswith("$ "):
                return "```\n" + replay(body, work, environment, names, faults, page) + "```"
            return found.group()

        return path, re.sub(r"^```\n(.*?)^```", block, text, flags=re.S | re.M)


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--rewrite"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    faults, names = [], {}
    pages = [check(*page, os.path.abspath(arguments[0]), faults, names) for page in PAGES]
    for fault in faults:
        print(fault)
    if REWRITES:
        for path, text in pages:
            open(path, "w", encoding="utf-8").write(text)
        for name in ("docs/command-line.md", "docs/lineage-guide.md", "docs/plugin-protocol.md"):
            path = os.path.join(ROOT, name)
            text = open(path, encoding="utf-8").read()
            open(path, "w", encoding="utf-8").write(renamed(text, names))
    print(f"{len(faults)} differences" if faults else "the pages say what the commands print")
    sys.exit(1 if faults else 0)


main()
