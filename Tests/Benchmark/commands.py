"""Many small programs: what a task takes that runs one."""
import os
import subprocess
from pathlib import Path

from measure import interleaved, measured, median, ratio, report

COUNT = 10_000
INSTALL = Path(__file__).resolve().parents[2] / ".ci/install"


def installed(package, command):
    """Whether the reference is there, or can be installed as the project installs what it needs."""
    answer = subprocess.run([str(INSTALL), package], capture_output=True, text=True)
    if answer.returncode == 0:
        return True
    print(f"  without {command}, which cannot be installed: {answer.stderr.strip() or answer.stdout.strip()}", flush=True)
    return False


def commands(headwater, _, folder):
    """`cp` of each file on its own, against ninja with the same graph, which keeps no content and no provenance."""
    print(f"commands: {COUNT:,} that each copy a small file, without a sandbox", flush=True)
    (folder / "files").mkdir()
    for number in range(COUNT):
        (folder / f"files/file-{number:05d}.txt").write_text(f"file {number}\n" * 100)
    (folder / "pipelines").mkdir(exist_ok=True)
    pipeline = folder / "pipelines/commands.yaml"
    pipeline.write_text(
        "headwater: 1\nname: commands\nstages:\n  files: {plugin: fetch, with: {from: [../files]}}\n  copies:\n    plugin: command\n"
        '    needs: files\n    with: {each: files, run: [cp, "inputs/files/{}", "{}"], outputs: ["{}"], sandbox: "off"}\n'
    )
    rules = ["rule cp\n  command = cp $in $out\n"]
    rules += [f"build copies/{name}: cp files/{name}\n" for name in sorted(os.listdir(folder / "files"))]
    (folder / "build.ninja").write_text("".join(rules))

    def run(empty):
        if empty:
            subprocess.run(["rm", "-rf", str(folder / "store")], check=True)
        return measured([headwater, "run", str(pipeline), "--store", str(folder / "store"), "--jobs", "2", "--quiet"])

    def ninja(empty):
        if empty:
            subprocess.run(["rm", "-rf", str(folder / "copies"), str(folder / ".ninja_log"), str(folder / ".ninja_deps")], check=True)
        return measured(["ninja", "-j2"], cwd=str(folder))

    rounds = int(os.environ.get("ROUNDS", "5"))
    has_ninja = installed("ninja-build", "ninja")
    for empty, what, wanted in ((True, "cold", "at most 1.5"), (False, "nothing changed", "at most 2")):
        actions = [lambda: run(empty)] + ([lambda: ninja(empty)] if has_ninja else [])
        taken = interleaved(rounds, *actions)
        report(f"{what}, processor", taken[0], "processor")
        print(f"  {'each task':<44} {median(taken[0], 'processor') / COUNT * 1e6:.0f} µs", flush=True)
        if has_ninja:
            report(f"{what}, ninja, processor", taken[1], "processor")
            ratio(f"{what}, against ninja", median(taken[0], "processor") / median(taken[1], "processor"), wanted)
