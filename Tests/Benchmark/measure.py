"""Runs commands and says what they took: seconds of processor, seconds on the clock, the most memory."""
import os
import statistics
import subprocess
import sys
import time


class Measurement:
    """What one command took. Processor time is user and system time of the command and all it started."""

    def __init__(self, processor, clock, memory):
        self.processor = processor
        self.clock = clock
        self.memory = memory


def measured(command, cwd=None, shell=False):
    """Runs a command to its end; a failure ends the benchmark."""
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, shell=shell, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command} ended with status {process.returncode}")
    return Measurement(usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss << 10)


def interleaved(rounds, *actions):
    """Calls the actions in turn, several times, so that what else the machine does meets all of them alike."""
    results = [[] for _ in actions]
    for _ in range(rounds):
        for action, taken in zip(actions, results):
            taken.append(action())
    return results


def median(measurements, quantity):
    return statistics.median(getattr(m, quantity) for m in measurements)


def spread(measurements, quantity):
    """Least to most, as a share of the median: how noisy the machine was."""
    values = [getattr(m, quantity) for m in measurements]
    return (max(values) - min(values)) / statistics.median(values)


def report(what, measurements, quantity, unit="s"):
    values = f"{median(measurements, quantity):.3f} {unit}, spread {spread(measurements, quantity):.0%} of {len(measurements)}"
    print(f"  {what:<44} {values}", flush=True)


def ratio(what, value, wanted):
    print(f"  {what:<44} {value:.2f} ({wanted})", flush=True)
