"""Does what a plugin must not do, as its parameter `behaviour` says. What multiplies or fills has a fuse."""
import json
import os
import signal
import socket
import subprocess
import sys
import time

MARK = "headwater-hostile-child"


def write(data):
    os.write(1, data)


def say(**message):
    data = json.dumps(message).encode() + b"\n"
    while data:
        data = data[os.write(1, data):]


def sleep_for_ever():
    subprocess.Popen(["sleep", "1000"], env={"MARK": MARK}, start_new_session=True)
    time.sleep(1000)


def no_hello():
    time.sleep(1000)


def misbehave(behaviour, task, records, parameters):
    first = records[0]
    length = len(first["text"].encode())

    def emit(**message):
        say(**{"type": "emit", "task": task, "kind": "passage", "parents": [first["id"]], **message})

    if behaviour == "hangs":
        sleep_for_ever()
    elif behaviour == "works-for-ever":
        end = time.time() + 60
        while time.time() < end:
            pass
    elif behaviour == "says-it-goes-on-for-ever":
        end = time.time() + 60
        while time.time() < end:
            say(type="progress", task=task, done=1)
            time.sleep(0.1)
    elif behaviour == "floods-standard-output":
        for _ in range(2_000_000):
            say(type="warning", task=task, message="x" * 10_000) if _ == 0 else say(type="progress", task=task, done=1, x="x" * 900)
    elif behaviour == "floods-standard-error":
        for _ in range(3000):
            os.write(2, b"y" * 10_000 + b"\n")
        os.write(2, b"the last word\n")
        say(type="failed", task=task, message="flooded")
    elif behaviour == "stops-within-a-line":
        write(b'{"type":"emit","task":')
        sys.exit(0)
    elif behaviour == "writes-no-utf8":
        write(b'{"type":"warning","task":%d,"message":"\xff\xfe"}\n' % task)
    elif behaviour == "writes-no-json":
        write(b"Traceback: print() where it does not belong\n")
    elif behaviour == "says-what-nobody-knows":
        say(type="emits", task=task)
    elif behaviour == "speaks-of-another-task":
        say(type="done", task=task + 1)
    elif behaviour == "names-another-record":
        say(type="pass", task=task, record="0123456789abcdef0123456789abcdef01234567")
    elif behaviour == "emits-another-kind":
        emit(kind="verdict")
    elif behaviour == "cuts-outside-the-text":
        emit(text=[{"slice": [length - 3, 10]}])
    elif behaviour == "cuts-with-numbers-too-large":
        emit(text=[{"slice": [9007199254740991, 9007199254740991]}])
    elif behaviour == "cuts-with-negative-numbers":
        emit(text=[{"slice": [-1, 5]}])
    elif behaviour == "cuts-a-character":
        at = next(i for i, b in enumerate(first["text"].encode()) if b >= 0xC0)
        emit(text=[{"slice": [at + 1, 4]}])
    elif behaviour == "cites-a-byte-twice":
        emit(text=[{"slice": [0, 5]}], fields={"word": "a"}, cites={"word": [{"slice": [0, 5]}, {"slice": [4, 2]}]})
    elif behaviour == "writes-a-gigabyte-as-one-line":
        for _ in range(1000):
            write(b"z" * 1_000_000)
    elif behaviour == "multiplies":
        for _ in range(7):
            if os.fork() == 0:
                os.setsid()
        time.sleep(30)
    elif behaviour == "takes-all-memory":
        held = []
        for _ in range(100):
            held.append(b"x" * (20 << 20))
        time.sleep(30)
    elif behaviour == "closes-its-output":
        os.close(1)
        time.sleep(1000)
    elif behaviour == "exits-too-soon":
        sys.exit(0)
    elif behaviour == "crashes":
        os.write(2, b"about to crash\n")
        os.kill(os.getpid(), signal.SIGSEGV)
    elif behaviour == "leaves-children-behind":
        subprocess.Popen(["sleep", "1000"], env={"MARK": MARK}, start_new_session=True)
        say(type="done", task=task)
        return
    elif behaviour == "goes-on-when-done":
        write(b'{"type":"done","task":%d}\n{"type":"done","task":%d}\n' % (task, task))
    elif behaviour == "opens-too-many-files":
        held = [open("/dev/null") for _ in range(1000)]
        say(type="done", task=task, held=len(held))
    elif behaviour == "reads-outside-its-folder":
        with open(parameters["outside"]) as file:
            say(type="drop", task=task, record=first["id"], reason="could-read-" + str(len(file.read())))
        say(type="done", task=task)
        return
    elif behaviour == "opens-a-socket":
        socket.create_connection(("127.0.0.1", parameters["port"]), timeout=2)
        say(type="drop", task=task, record=first["id"], reason="could-connect")
        say(type="done", task=task)
        return
    elif behaviour == "counts-the-clock":
        say(type="drop", task=task, record=first["id"], reason="seen", details={"time": time.time_ns() // 1000})
        say(type="done", task=task)
        return
    elif behaviour == "writes-into-its-folder":
        with open("left-behind", "w") as file:
            file.write("x")
        say(type="drop", task=task, record=first["id"], reason="could-write")
        say(type="done", task=task)
        return
    time.sleep(1000)


def main():
    task, parameters, records = None, {}, []
    for line in sys.stdin.buffer:
        message = json.loads(line)
        kind = message["type"]
        if kind == "hello":
            say(type="hello", protocol=1, name="hostile", version="1")
        elif kind == "task":
            task, parameters, records = message["task"], message["parameters"], []
        elif kind == "record":
            records.append(message)
        elif kind == "end":
            misbehave(parameters["behaviour"], task, records, parameters)
        elif kind == "shutdown":
            return


main()
