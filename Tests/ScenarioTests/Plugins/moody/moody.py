"""Gives each document on, and says in the second one of a task something that depends on what no stage may depend on."""
import json
import os
import sys
import time

tasks = 0


def say(**message):
    sys.stdout.buffer.write(json.dumps(message).encode() + b"\n")


def engine(name):
    """A variable of the process that started this one, which passes none on."""
    with open("/proc/%d/environ" % os.getppid(), "rb") as file:
        values = dict(entry.partition(b"=")[::2] for entry in file.read().split(b"\0"))
    return values.get(name.encode(), b"").decode()


def mood(depends):
    if depends == "chance":
        return os.urandom(8).hex()
    if depends == "hash order":
        return " ".join(set("one two three four five six seven eight nine ten".split()))
    if depends == "time zone":
        return time.strftime("%z", time.localtime(0))
    if depends == "locale":
        return engine("LC_ALL")
    if depends == "order":
        return str(tasks)
    if depends == "a declared variable":
        return os.environ["MOODY_WORD"]
    return "none"


for line in sys.stdin.buffer:
    message = json.loads(line)
    if message["type"] == "hello":
        say(type="hello", protocol=1, name="moody", version="1")
    elif message["type"] == "task":
        task, depends, records = message["task"], message["parameters"]["depends"], []
        tasks += 1
    elif message["type"] == "record":
        records.append(message)
    elif message["type"] == "end":
        for number, record in enumerate(records):
            length = len(record["text"].encode())
            fields = {"mood": mood(depends) if number == 1 else "even"}
            say(type="emit", task=task, kind="passage", parents=[record["id"]], text=[{"slice": [0, length]}], fields=fields)
        say(type="done", task=task)
    elif message["type"] == "shutdown":
        break
    sys.stdout.buffer.flush()
