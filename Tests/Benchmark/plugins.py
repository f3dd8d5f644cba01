"""Plugins in processes of their own: what a record takes that goes out to one and comes back."""
import os
import shutil
from pathlib import Path

import corpora
from measure import interleaved, measured, median, report

COUNT = 20_000
SIZE = 2048
PYTHON_KIT = Path(__file__).resolve().parents[2] / "Plugins/examples/passages-python/headwater.py"
PYTHON_STAGE = """from headwater import Stage, serve


class PassOn(Stage):
    name, version = "pass-on-python", "1"

    def apply(self, records, out):
        for document in records:
            out.emit("text", document.text)


serve(PassOn)
"""


def manifest(name, command):
    return (
        f'plugin: 1\nname: {name}\nversion: "1"\nsummary: Give texts on\ncommand: {command}\ninputs: [documents]\nemits: [text]\n'
        f"sandbox: off\n"
    )


def plugins(headwater, benchmark, folder):
    """Text goes to a plugin and back as one slice; measured is all that a forced run of the stage takes beyond a run without news."""
    print(f"plugins: {COUNT:,} texts of {SIZE} bytes given on as one slice, one job", flush=True)
    corpora.small_files(folder / "texts", count=COUNT, size=SIZE)
    swift = folder / "pipelines/Plugins/pass-on"
    python = folder / "pipelines/Plugins/pass-on-python"
    for place in (swift, python):
        place.mkdir(parents=True)
    shutil.copy(Path(benchmark).parent / "benchmark-plugin", swift / "pass-on")
    (swift / "plugin.yaml").write_text(manifest("pass-on", "[./pass-on]"))
    shutil.copy(PYTHON_KIT, python / "headwater.py")
    (python / "stage.py").write_text(PYTHON_STAGE)
    (python / "plugin.yaml").write_text(manifest("pass-on-python", "[python3, stage.py]"))
    pipelines = {}
    for name in ("pass-on", "pass-on-python"):
        pipelines[name] = folder / f"pipelines/{name}.yaml"
        pipelines[name].write_text(
            f"headwater: 1\nname: {name}\nstages:\n  fetch: {{plugin: fetch, with: {{from: [../texts]}}}}\n"
            f"  given: {{plugin: {name}, needs: fetch}}\n"
        )

    def run(name, *options):
        return measured([headwater, "run", str(pipelines[name]), "--store", str(folder / "store"), "--jobs", "1", "--quiet", *options])

    for name in pipelines:
        run(name)
    rounds = int(os.environ.get("ROUNDS", "5"))
    nothing, through_swift, through_python = interleaved(
        rounds, lambda: run("pass-on"), lambda: run("pass-on", "--force", "given"), lambda: run("pass-on-python", "--force", "given")
    )
    report("nothing changed, processor", nothing, "processor")
    for language, taken, wanted in (("Swift", through_swift, "at most 50 µs"), ("Python", through_python, "at most 150 µs")):
        report(f"through {language}, processor", taken, "processor")
        each = (median(taken, "processor") - median(nothing, "processor")) / COUNT
        print(f"  {'each record, both sides and the store':<44} {each * 1e6:.0f} µs ({wanted}), {1 / each:,.0f} a second", flush=True)
