"""Write a stage of a Headwater pipeline in Python. One file, nothing but the standard library, Python 3.9 or later.

    from headwater import Stage, serve

    class Passages(Stage):
        name, version = "passages", "1"                 # as in plugin.yaml

        def apply(self, records, out):
            for document in records:                    # they come one by one; nothing is held
                for paragraph in document.text.paragraphs():
                    if self.parameters["word"] in paragraph:
                        out.emit("passage", paragraph)

    if __name__ == "__main__":
        serve(Passages)

A `Text` knows which bytes of which record it is. Whatever is cut out of it and joined anew still knows, so that the
engine can trace each byte of an emitted record to its source. There is no other way to name an origin.

`print` is safe: what is written to standard output goes to the task's log, as standard error does.
"""
import base64
import io
import itertools
import json
import os
import re
import sys
import time
import unicodedata
from html import unescape

__all__ = ["Stage", "Text", "Record", "Group", "Groups", "Refusal", "cited", "generated", "joined", "serve", "Bench"]

PROTOCOL = 1


# Texts


class _Piece:
    """Bytes of one record, bytes after rules, or words of the plugin's own."""

    __slots__ = ("bytes", "record", "start", "length", "rules", "evidence")

    def __init__(self, content, record=None, start=0, length=0, rules="", evidence=()):
        self.bytes, self.record, self.start, self.length = content, record, start, length
        self.rules, self.evidence = rules, evidence

    def cut(self, start, end):
        if start == 0 and end == len(self.bytes):
            return self
        if self.rules or self.evidence:
            raise ValueError("a text is cut first, then rewritten: " + (self.rules or "generated") + " cannot be cut")
        if self.record is None:
            return _Piece(self.bytes[start:end])
        return _Piece(self.bytes[start:end], self.record, self.start + start, end - start)

    def message(self):
        if self.record is None:
            message = {"text": self.bytes.decode()}
            if self.evidence:
                message["evidence"] = [_place(place) for place in self.evidence]
            return message
        message = {"slice": [self.start, self.length], "from": self.record}
        if self.rules:
            message["rule"] = self.rules
        return message


class Text:
    """UTF-8 bytes that know which bytes of which record they are.

    Length, slices and positions count bytes, as the protocol does; `chars` counts characters. Compares equal to a text, a
    `str` or `bytes` with the same bytes. As the key of a dictionary, take `str(text)`.
    """

    __slots__ = ("bytes", "_pieces", "_string", "_known")
    __hash__ = None

    def __init__(self, content, pieces):
        self.bytes = content
        self._pieces = pieces
        self._string = None
        self._known = (0, 0)

    @staticmethod
    def of_record(record, content):
        return Text(content, (_Piece(content, record, 0, len(content)),) if content else ())

    # What it says

    def __str__(self):
        if self._string is None:
            self._string = self.bytes.decode()
        return self._string

    def __bytes__(self):
        return self.bytes

    def __len__(self):
        return len(self.bytes)

    def __repr__(self):
        return f"Text({str(self)!r})"

    def __eq__(self, other):
        return self.bytes == _as_bytes(other) if isinstance(other, (Text, str, bytes)) else NotImplemented

    def __contains__(self, part):
        return _as_bytes(part) in self.bytes

    def _records(self):
        """Ids of the records that it is from, in the order of the text."""
        found = {}
        for piece in self._pieces:
            for record in (place[0] for place in piece.evidence) if piece.record is None else (piece.record,):
                found[record] = None
        return list(found)

    # Cutting

    def __getitem__(self, range_):
        """`text[start:end]`, in bytes, neither of them inside a character."""
        if not isinstance(range_, slice) or range_.step not in (None, 1):
            raise TypeError("a text is cut with text[start:end], in bytes")
        start, end, _ = range_.indices(len(self.bytes))
        if start >= end:
            return Text(b"", ())
        for offset in (start, end):
            if offset < len(self.bytes) and self.bytes[offset] & 0xC0 == 0x80:
                raise ValueError(f"byte {offset} lies inside a character; slices count bytes, .chars(start, end) characters")
        content = self.bytes[start:end]
        if len(self._pieces) == 1:
            return Text(content, (self._pieces[0].cut(start, end),))
        pieces, offset = [], 0
        for piece in self._pieces:
            low, high = max(start - offset, 0), min(end - offset, len(piece.bytes))
            if low < high:
                pieces.append(piece.cut(low, high))
            offset += len(piece.bytes)
        return Text(content, tuple(pieces))

    def chars(self, start, end=None):
        """The characters from `start` to `end`, as `str(text)` counts them: for tools that give such positions."""
        string = str(self)
        start, end, _ = slice(start, end).indices(len(string))
        if len(string) == len(self.bytes):
            return self[start:end]
        first = self._byte(string, start)
        return self[first:self._byte(string, max(start, end))]

    def _byte(self, string, character):
        """At which byte a character begins, counted from the last one that was asked for: most are asked for in order."""
        known, offset = self._known if self._known[0] <= 2 * character else (0, 0)
        if known <= character:
            offset += len(string[known:character].encode())
        else:
            offset -= len(string[character:known].encode())
        self._known = (character, offset)
        return offset

    def find(self, part, start=0):
        """Where `part` first occurs from byte `start` on, as a text; None if it does not."""
        part = _as_bytes(part)
        found = self.bytes.find(part, start)
        return None if found < 0 else self[found:found + len(part)]

    def matches(self, pattern):
        """All matches of a regular expression, one after the other; `match[0]` and `match["name"]` are texts.

        The pattern is matched with characters if it is a `str`, with bytes if it is `bytes`.
        """
        compiled = pattern if isinstance(pattern, re.Pattern) else re.compile(pattern)
        cut, subject = (self._cut, self.bytes) if isinstance(compiled.pattern, bytes) else (self.chars, str(self))
        for match in compiled.finditer(subject):
            yield Match(match, cut)

    def match(self, pattern):
        """The first match; None if there is none."""
        return next(self.matches(pattern), None)

    def _cut(self, start, end):
        return self[start:end]

    def strip(self):
        """Without white space at both ends."""
        match = _INNER.search(str(self))
        return self.chars(*match.span()) if match else Text(b"", ())

    def split(self, separator):
        """The parts between all occurrences of `separator`."""
        separator, start = _as_bytes(separator), 0
        if not separator:
            raise ValueError("nothing is no separator")
        while True:
            found = self.bytes.find(separator, start)
            if found < 0:
                yield self[start:]
                return
            yield self[start:found]
            start = found + len(separator)

    def lines(self):
        """The lines that hold anything, without their breaks."""
        return (line for line in self.split(b"\n") if line)

    def paragraphs(self):
        """The parts between empty lines, such as `clean` leaves them."""
        start = 0
        for gap in itertools.chain(_GAP.finditer(self.bytes), (None,)):
            part = self[start:gap.start() if gap else None]
            if part:
                yield part
            start = gap.end() if gap else 0

    def sentences(self):
        """Sentences by a plain rule: they end in . ! ? or … before white space that no small letter follows."""
        for paragraph in self.paragraphs():
            string, start = str(paragraph), 0
            for match in itertools.chain(_SENTENCE.finditer(string), (None,)):
                if match and string[match.end():match.end() + 1].islower():
                    continue
                end = match.end() if match else None
                sentence = paragraph.chars(start, end).strip()
                if sentence:
                    yield sentence
                start = end

    # Joining

    def __add__(self, other):
        """Joined with another text, or with a `str`, which counts as a separator or label without a source."""
        other = _as_text(other)
        return Text(self.bytes + other.bytes, self._pieces + other._pieces)

    def __radd__(self, other):
        return _as_text(other) + self

    # Rewriting. The engine applies these rules itself; what the kit makes of them here is for fields and decisions.

    def space(self):
        """Each run of white space becomes one space."""
        return self._rewritten("space")

    def entities(self):
        """HTML's character references become the characters they mean."""
        return self._rewritten("entity")

    def lower(self):
        """Lower case, character by character."""
        return self._rewritten("case(lower)")

    def nfc(self):
        """Unicode's normalisation form C."""
        return self._rewritten("unicode(nfc)")

    def as_break(self, kind="space"):
        """White space as one break: "space", "line" or "paragraph"."""
        return self._rewritten(f"break({kind})")

    def _rewritten(self, rule):
        pieces = []
        for piece in self._pieces:
            if piece.record is not None:
                content = _RULES[rule](piece.bytes.decode()).encode()
                piece = _Piece(
                    content, piece.record, piece.start, piece.length, piece.rules + "+" + rule if piece.rules else rule)
            pieces.append(piece)
        return Text(b"".join(piece.bytes for piece in pieces), tuple(pieces))


_SPACE = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_RULES = {
    "space": lambda string: _SPACE.sub(" ", string),
    "entity": unescape,
    "case(lower)": lambda string: "".join(map(str.lower, string)),
    "unicode(nfc)": lambda string: unicodedata.normalize("NFC", string),
    "break(space)": lambda string: " ",
    "break(line)": lambda string: "\n",
    "break(paragraph)": lambda string: "\n\n",
}
_INNER = re.compile(r"\S(?s:.*\S)?")
_GAP = re.compile(rb"\n[ \t\r]*(?:\n[ \t\r]*)+")
# A run of marks is looked at once, from its start, so that no text takes more than one pass.
_SENTENCE = re.compile(r"""(?<![.!?…])[.!?…]+["'”’»)\]]*\s+|[。！？]+[」』”’]*""")


class Match:
    """A match of a regular expression in a text."""

    __slots__ = ("_match", "_cut")

    def __init__(self, match, cut):
        self._match, self._cut = match, cut

    def __getitem__(self, group):
        """The group as a text; None if it took no part in the match."""
        start, end = self._match.span(group)
        return None if start < 0 else self._cut(start, end)


def joined(separator, texts):
    """The texts with a separator between them, which counts as one without a source."""
    separator, pieces, parts = _as_text(separator), [], []
    for number, text in enumerate(texts):
        for part in ((separator,) if number else ()) + (_as_text(text),):
            parts.append(part.bytes)
            pieces.extend(part._pieces)
    return Text(b"".join(parts), tuple(pieces))


def generated(string, *evidence):
    """Words that the plugin made up, and the texts that they rest on: at least one."""
    places = _places(evidence)
    if not places:
        raise ValueError("a generated text rests on at least one text of a record")
    content = string.encode()
    return Text(content, (_Piece(content, evidence=places),) if content else ())


def cited(value, *texts):
    """The value of a field that was worked out from these texts: `fields={"year": cited(1944, match[0])}`."""
    return _Cited(value, [_place(place) for place in _places(texts)])


class _Cited:
    __slots__ = ("value", "places")

    def __init__(self, value, places):
        self.value, self.places = value, places


def _as_bytes(text):
    return text.bytes if isinstance(text, Text) else text.encode() if isinstance(text, str) else text


def _as_text(text):
    if isinstance(text, Text):
        return text
    if isinstance(text, str):
        content = text.encode()
        return Text(content, (_Piece(content),) if content else ())
    raise TypeError(f"expected a Text or a str, found {type(text).__name__}")


def _places(texts):
    """Which bytes of which records are behind some texts, sorted, each byte once."""
    found = []
    for text in texts:
        for piece in text._pieces:
            found.extend(piece.evidence if piece.record is None else [(piece.record, piece.start, piece.start + piece.length)])
    places = []
    for record, start, end in sorted(found):
        if places and places[-1][0] == record and start <= places[-1][2]:
            places[-1] = (record, places[-1][1], max(end, places[-1][2]))
        else:
            places.append((record, start, end))
    return tuple(places)


def _place(place):
    return {"slice": [place[1], place[2] - place[1]], "from": place[0]}


# Records


class Record:
    """One record of the input. `text` is None for a document that is no text, such as a picture."""

    __slots__ = ("id", "role", "kind", "text", "fields", "parents", "cited")

    def __init__(self, message):
        self.id, self.role, self.kind = message["id"], message["role"], message["kind"]
        text = message.get("text")
        self.text = None if text is None else Text.of_record(self.id, text.encode())
        self.fields = message.get("fields") or {}
        self.parents = message.get("parents") or []
        # Names of the fields of which it is known where they were read.
        self.cited = message.get("cited") or []

    def field(self, name):
        """A field for a record that is emitted: its value, and where it was read if that is known."""
        places = [{"field": name, "from": self.id}] if name in self.cited else []
        return _Cited(self.fields[name], places)

    def __repr__(self):
        return f"Record({self.id[:12]}, {self.kind!r})"


class Records:
    """The records of a task, one after the other as they arrive: gone through once. `list(records)` keeps them all."""

    def __init__(self, task):
        self._arriving = (Record(message) for message in task.input("record"))
        # What `combine` or `decide` has to say to this partition or group.
        self.slice = _decoded(task.request.get("slice"))

    def __iter__(self):
        return self._arriving

    def by_role(self):
        """All of them, in lists by role, for a stage with several inputs."""
        roles = {}
        for record in self:
            roles.setdefault(record.role, []).append(record)
        return roles


class Group:
    """Records that belong together. `members` are triples: role, number of the partition, id of the record."""

    __slots__ = ("key", "members", "slice")

    def __init__(self, key, members, slice=b""):
        self.key, self.members, self.slice = key, [tuple(member) for member in members], slice

    def _message(self):
        message = {"key": self.key, "members": [list(member) for member in self.members]}
        if self.slice:
            message["slice"] = _encoded(self.slice)
        return message


class Groups:
    """What `combine` gives where the manifest says `rounds: group` or `rounds: examine`; `carry` goes on to `decide`."""

    def __init__(self, groups, carry=b""):
        self.groups, self.carry = groups, carry


class Sketches:
    """The sketches of all partitions in order, one after the other as they arrive: gone through once."""

    def __init__(self, task):
        self._arriving = (_decoded(message["bytes"]) for message in task.input("sketch"))
        self.partitions = task.request["partitions"]

    def __iter__(self):
        return self._arriving


class Verdicts:
    """Each group with the verdict on it, `(group, verdict)`, one after the other as they arrive: gone through once."""

    def __init__(self, task):
        self._arriving = (
            (Group(message["key"], message["members"], _decoded(message.get("slice"))), _decoded(message["bytes"]))
            for message in task.input("verdict"))
        self.partitions = task.request["partitions"]
        self.carry = _decoded(task.request.get("carry"))

    def __iter__(self):
        return self._arriving


def _decoded(text):
    return base64.b64decode(text, validate=True) if text else b""


def _encoded(content):
    return base64.b64encode(content).decode("ascii")


# Stages


class Refusal(Exception):
    """Why a task cannot be carried out, in words for the person who wrote the pipeline file. With `parameter`, and `element`
    for one value of a list, the message points at the place in the file. `transient` says that another try may help."""

    def __init__(self, message, parameter=None, element=None, transient=False):
        super().__init__(message)
        self.parameter, self.element, self.transient = parameter, element, transient


class Stage:
    """What a plugin does. Define `apply`, and the other rounds that the manifest declares.

    Each round is a function of what it is given and of `self.parameters`, and of nothing else: no clock, no random
    numbers, no order of a set. One stage carries out many tasks, so it keeps nothing from one to the next.
    """

    name = version = None  # as in plugin.yaml

    def __init__(self, parameters):
        self.parameters = parameters
        self._task = None

    def apply(self, records, out):
        """Makes records of one partition or group. `records.slice` is what the rest of the corpus means for it."""
        raise NotImplementedError("this plugin has no round apply")

    def sketch(self, records):
        """Boils a partition down to bytes, for `combine`."""
        raise NotImplementedError("this plugin has no round sketch")

    def combine(self, sketches):
        """Gives a list with one slice, as bytes, for each of `sketches.partitions`; or `Groups`."""
        raise NotImplementedError("this plugin has no round combine")

    def examine(self, records):
        """Compares the records of one group; gives a verdict as bytes."""
        raise NotImplementedError("this plugin has no round examine")

    def decide(self, verdicts):
        """Gives a list with one slice, as bytes, for each of `verdicts.partitions`."""
        raise NotImplementedError("this plugin has no round decide")

    # How the work goes; no part of any result.

    def progress(self, done, total=None):
        self._task.say("progress", done=done, **({} if total is None else {"total": total}))
        self._task.server.flush()

    def warn(self, message):
        """Says something that whoever runs the pipeline should know, though the task goes on."""
        self._task.say("warning", message=message)

    def count(self, name, value=1):
        """Counts something; a run shows the sums."""
        self._task.say("metric", name=name, value=value)


class Emitted:
    """A record that was emitted. Its id is known to the engine alone; `out.note` takes it as it takes a record."""

    __slots__ = ("number",)

    def __init__(self, number):
        self.number = number


class Output:
    """Where `apply` puts what it makes. Records keep the order in which they are emitted."""

    def __init__(self, task):
        self._task = task
        self._count = 0

    def emit(self, kind, text, fields=None, parents=None):
        """Makes a record. Its parents are the records that its text is from, unless others are named.

        A field may be a `Text`, which is cited with its bytes, or `cited(value, text)`, or `record.field(name)`.
        """
        text = _as_text(text)
        if parents is None:
            parents = text._records()
        return self._emit({"kind": kind, "parents": [_id(parent) for parent in parents]}, text, fields)

    def carry_on(self, record, text, fields=None, kind=None):
        """Makes a record that goes on from another: same kind and fields, where no others are given, with a new text."""
        return self._emit({"continues": record.id, **({"kind": kind} if kind else {})}, _as_text(text), fields)

    def _emit(self, message, text, fields):
        message["text"] = [piece.message() for piece in text._pieces]
        if fields:
            values, cites = {}, {}
            for name, value in fields.items():
                if isinstance(value, Text):
                    value = cited(str(value), value)
                if isinstance(value, _Cited):
                    if value.places:
                        cites[name] = value.places
                    value = value.value
                values[name] = _field_value(name, value)
            message["fields"] = values
            if cites:
                message["cites"] = cites
        self._task.say("emit", **message)
        self._count += 1
        return Emitted(self._count - 1)

    def pass_on(self, record):
        """Passes a record on as it is."""
        self._task.say("pass", record=_id(record))

    def drop(self, record, reason, survivor=None, **details):
        """Leaves a record out. The reason is a word or two, the same for all drops of one cause: they are counted by it."""
        if not reason:
            raise ValueError("a record is left out for a reason")
        extra = {"survivor": _id(survivor)} if survivor else {}
        self._task.say("drop", record=_id(record), reason=reason, **extra, **_details(details))

    def note(self, record, kind, reason, *texts, **details):
        """Says something about a record, an emitted or an input one, and about the bytes of these texts."""
        about = {"emitted": record.number} if isinstance(record, Emitted) else {"record": _id(record)}
        cites = {"cites": [_place(place) for place in _places(texts)]} if texts else {}
        self._task.say("note", **about, kind=kind, reason=reason, **cites, **_details(details))


def _id(record):
    return record.id if isinstance(record, Record) else record


def _details(details):
    return {"details": {name: _field_value(name, value) for name, value in details.items()}} if details else {}


def _field_value(name, value):
    """The value, once it is sure that every machine writes it alike."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Text):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_field_value(name, element) for element in value]
    if isinstance(value, dict):
        return {key: _field_value(name, element) for key, element in value.items()}
    if isinstance(value, float):
        raise TypeError(f"the field {name} is a decimal number; records hold integers, so scale it: {value} as {round(value * 1000)}")
    raise TypeError(f"the field {name} is a {type(value).__name__}; expected text, an integer, a flag, a list or a dict")


# The protocol


class _Cancelled(Exception):
    """The engine wants the task no more."""


class _EngineGone(Exception):
    """Nobody is there to talk to."""


class _Task:
    """One task, from its first message to its last."""

    def __init__(self, server, request):
        self.server, self.request, self.number = server, request, request["task"]
        self.has_ended = False

    def say(self, type, **members):
        self.server.say({"type": type, "task": self.number, **members})

    def input(self, wanted):
        """The messages of one type up to the task's end. Others may come with later versions, and are passed over."""
        while not self.has_ended:
            message = self.server.next()
            if message is None:
                raise _EngineGone()
            kind = message.get("type")
            if message.get("task") != self.number:
                continue
            if kind == wanted:
                yield message
            elif kind == "cancel":
                raise _Cancelled()
            elif kind == "end":
                self.has_ended = True

    def carry_out(self, stage):
        stage._task = self
        rounds = self.request["round"]
        if rounds == "apply":
            stage.apply(Records(self), Output(self))
        elif rounds in ("sketch", "examine"):
            result = getattr(stage, rounds)(Records(self))
            self.say("result", bytes=_encoded(result))
        elif rounds == "combine":
            combination = stage.combine(Sketches(self))
            if isinstance(combination, Groups):
                for group in combination.groups:
                    self.say("group", **group._message())
                if combination.carry:
                    self.say("carry", bytes=_encoded(combination.carry))
            else:
                self._say_slices(combination)
        elif rounds == "decide":
            self._say_slices(stage.decide(Verdicts(self)))
        else:
            raise Refusal(f"there is no round {rounds}")
        for _ in self.input(None):  # what the stage did not look at
            pass

    def _say_slices(self, slices):
        for part in slices:
            self.say("slice", bytes=_encoded(part))


class _Server:
    """Talks with the engine in lines and hands out the tasks."""

    # Lines wait until there are this many bytes of them, or for this long, or until the task is done.
    BUFFER, PATIENCE = 1 << 16, 0.5

    def __init__(self, stage_type, source, sink):
        self.stage_type, self.source, self.sink = stage_type, source, sink
        self.waiting, self.size, self.sent = [], 0, time.monotonic()
        self.stage, self.parameters = None, None
        self.encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode

    def next(self):
        line = self.source.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def say(self, message):
        line = self.encode(message).encode() + b"\n"
        self.waiting.append(line)
        self.size += len(line)
        if self.size >= self.BUFFER or time.monotonic() - self.sent > self.PATIENCE:
            self.flush()

    def flush(self):
        try:
            self.sink.write(b"".join(self.waiting))
            self.sink.flush()
        except BrokenPipeError:
            raise _EngineGone() from None
        self.waiting, self.size, self.sent = [], 0, time.monotonic()

    def serve(self):
        hello = self.next()
        if hello is None:
            return
        if hello.get("type") != "hello" or PROTOCOL not in hello.get("protocols", ()):
            sys.exit(f"the engine does not speak version {PROTOCOL} of the protocol")
        self.say({"type": "hello", "protocol": PROTOCOL, "name": self.stage_type.name, "version": self.stage_type.version})
        self.flush()
        while True:
            message = self.next()
            if message is None or message.get("type") == "shutdown":
                return
            if message.get("type") == "task":  # anything else belongs to a task that is over, or to a later version
                self.carry_out(_Task(self, message))
                self.flush()

    def carry_out(self, task):
        try:
            parameters = task.request.get("parameters") or {}
            if self.stage is None or parameters != self.parameters:
                self.stage, self.parameters = self.stage_type(parameters), parameters
            task.carry_out(self.stage)
            task.say("done")
        except _Cancelled:
            task.say("failed", message="cancelled")
        except Refusal as refusal:
            places = {"parameter": refusal.parameter, "element": refusal.element, "transient": refusal.transient or None}
            task.say("failed", message=str(refusal), **{name: value for name, value in places.items() if value is not None})
        except _EngineGone:
            raise
        except Exception as error:
            import traceback

            traceback.print_exc()
            place = traceback.extract_tb(error.__traceback__)[-1]
            file = os.path.basename(place.filename)
            task.say("failed", message=f"{type(error).__name__}: {error} ({file}, line {place.lineno})")


def serve(stage_type):
    """Serves the stage until the engine needs it no more. What else is written to standard output goes to the log."""
    source, sink = os.fdopen(os.dup(0), "rb", 1 << 16), os.fdopen(os.dup(1), "wb")
    sys.stdout.flush()
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    try:
        _Server(stage_type, source, sink).serve()
    except _EngineGone:
        os._exit(1)  # what still waits to be written cannot be


# Tests


class Bench:
    """Runs a stage in a test, through the messages that the engine sends, and cuts texts out of records as the engine does.

        bench = Bench(Passages, word="river")
        result = bench.apply("The river rose.\\n\\nNobody slept.")
        assert [record.text for record in result.records] == ["The river rose."]

    Each round takes records: a `str` for a document with this text, or what `Bench.record` makes.
    """

    def __init__(self, stage_type, **parameters):
        self.stage_type, self.parameters = stage_type, parameters

    @staticmethod
    def record(text, role="documents", kind="document", fields=None, cited=()):
        import hashlib  # not at the top, since it takes as long as all else, and a worker should start fast

        message = {"role": role, "kind": kind, "text": text, "fields": fields or {}, "cited": list(cited)}
        return {**message, "id": hashlib.sha1(json.dumps(message, sort_keys=True).encode()).hexdigest()}

    def apply(self, *records, slice=b""):
        records = [self.record(record) if isinstance(record, str) else record for record in records]
        return Result(self._round("apply", "record", records, slice=_encoded(slice)), records)

    def sketch(self, *records):
        return self._result("sketch", records)

    def examine(self, *records):
        return self._result("examine", records)

    def combine(self, *sketches):
        """Gives slices, or `Groups`."""
        answers = self._round("combine", "sketch", [{"bytes": _encoded(each)} for each in sketches], partitions=len(sketches))
        if not any(answer["type"] in ("group", "carry") for answer in answers):
            return self._slices(answers)
        groups = [Group(each["key"], each["members"], _decoded(each.get("slice"))) for each in answers if each["type"] == "group"]
        return Groups(groups, b"".join(_decoded(each["bytes"]) for each in answers if each["type"] == "carry"))

    def decide(self, *verdicts, partitions, carry=b""):
        """`verdicts` are pairs of a group and the bytes that `examine` gave for it."""
        told = [{**group._message(), "bytes": _encoded(verdict)} for group, verdict in verdicts]
        return self._slices(self._round("decide", "verdict", told, partitions=partitions, carry=_encoded(carry)))

    def _result(self, round_, records):
        records = [self.record(record) if isinstance(record, str) else record for record in records]
        return next(_decoded(each["bytes"]) for each in self._round(round_, "record", records) if each["type"] == "result")

    @staticmethod
    def _slices(answers):
        return [_decoded(answer["bytes"]) for answer in answers if answer["type"] == "slice"]

    def _round(self, round_, kind, told, **request):
        """What the plugin answers to one task; `Refusal` if it refuses it."""
        task = {"type": "task", "task": 1, "round": round_, "parameters": self.parameters, **request}
        lines = [
            {"type": "hello", "protocols": [PROTOCOL]}, task, *({"type": kind, "task": 1, **each} for each in told),
            {"type": "end", "task": 1}]
        sink = io.BytesIO()
        _Server(self.stage_type, io.BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in lines)), sink).serve()
        answers = [json.loads(line) for line in sink.getvalue().splitlines()][1:]
        if answers[-1]["type"] == "failed":
            last = answers[-1]
            raise Refusal(last["message"], last.get("parameter"), last.get("element"), last.get("transient", False))
        return answers


class Result:
    """What a stage made of some records in a test."""

    def __init__(self, messages, records):
        self.messages = messages
        self._texts = {record["id"]: record["text"].encode() for record in records}
        self.records = [Made(message, self) for message in messages if message["type"] == "emit"]
        self.drops = [message["reason"] for message in messages if message["type"] == "drop"]
        self.passed = [message["record"] for message in messages if message["type"] == "pass"]
        self.notes = [message for message in messages if message["type"] == "note"]
        self.warnings = [message["message"] for message in messages if message["type"] == "warning"]

    def text(self, piece):
        """The text of one piece. A slice outside its record, or inside a character, is an error here as in the engine."""
        if "text" in piece:
            return piece["text"]
        start, length = piece["slice"]
        content = self._texts[piece["from"]]
        if not 0 <= start <= start + length <= len(content):
            raise ValueError(f"the slice {piece['slice']} is not inside the record, which has {len(content)} bytes")
        string = content[start:start + length].decode()
        for rule in filter(None, piece.get("rule", "").split("+")):
            string = _RULES[rule](string)
        return string


class Made:
    """A record that a stage made in a test, with its text as the engine puts it together."""

    def __init__(self, message, result):
        self.kind, self.parents = message.get("kind"), message.get("parents", [])
        self.text = "".join(map(result.text, message["text"]))
        self.fields = message.get("fields", {})
        # The texts that each field cites.
        self.cites = {
            name: [result.text(place) for place in places if "slice" in place]
            for name, places in message.get("cites", {}).items()}
