#!/usr/bin/env python3
"""Checks what `headwater export` writes with other people's readers of the standards.

    check.py prov EXPORT.json EXPORT.provn     with `prov`: both are read, say the same, and keep what PROV-CONSTRAINTS asks
    check.py openlineage EXPORT.ndjson         with OpenLineage's client: each event and each facet fits the class for its schema

Prints one JSON object of counts, or what is wrong and ends with status 1. The packages are those of requirements.txt.
"""
import collections
import importlib
import inspect
import json
import pkgutil
import sys
import typing
import warnings


def fail(problem):
    print(problem, file=sys.stderr)
    sys.exit(1)


# PROV


def prov(json_path, provn_path):
    from prov.model import ProvDocument

    # What the package only warns of (a name that is not valid, a key that occurs twice) is a fault here.
    warnings.simplefilter("error")
    told = ProvDocument.deserialize(json_path, format="json")
    noted = ProvDocument.deserialize(provn_path, format="provn")
    if told != noted:
        mine, theirs = (collections.Counter(map(str, document.get_records())) for document in (told, noted))
        fail(f"only in PROV-JSON: {sorted((mine - theirs).elements())[:5]}\nonly in PROV-N: {sorted((theirs - mine).elements())[:5]}")
    for format in ("json", "provn"):
        again = ProvDocument.deserialize(content=told.serialize(format=format), format=format)
        if again != told:
            fail(f"written by the package as {format} and read again it says something else")
    counts = collections.Counter(type(record).__name__ for record in told.get_records())
    constraints(told)
    print(json.dumps(counts, sort_keys=True))


def constraints(document):
    """Of PROV-CONSTRAINTS: elements are told once and have one kind (50, 55), an entity is generated once (24), and derivation
    has no circle (what is derived comes later, 42)."""
    elements, generated, derived = {}, set(), collections.defaultdict(set)
    for record in document.get_records():
        if record.is_element():
            if record.identifier in elements:
                fail(f"{record.identifier} is told of twice")
            elements[record.identifier] = record
    for record in document.get_records():
        if record.is_element():
            continue
        names = [value for _, value in record.formal_attributes if hasattr(value, "localpart")]
        for name in names:
            if name not in elements:
                fail(f"{record} speaks of {name}, which is not told of")
        kind = type(record).__name__
        if kind == "ProvGeneration":
            if names[0] in generated:
                fail(f"{names[0]} is generated twice")
            generated.add(names[0])
        if kind == "ProvDerivation":
            derived[names[0]].add(names[1])
    done = set()
    for start in list(derived):
        path, way = {start}, [(start, iter(sorted(derived[start], key=str)))]
        while way:
            name, rest = way[-1]
            further = next(rest, None)
            if further is None:
                way.pop()
                path.discard(name)
                done.add(name)
            elif further in path:
                fail(f"{further} derives from itself")
            elif further not in done:
                path.add(further)
                way.append((further, iter(sorted(derived[further], key=str))))


# OpenLineage


def facet_classes():
    """The client's classes by the address of the schema that each was generated from."""
    import openlineage.client.generated as generated

    classes = {}
    for module in pkgutil.iter_modules(generated.__path__, generated.__name__ + "."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if hasattr(kind, "_get_schema"):
                classes[kind._get_schema()] = kind
    return classes


def build(kind, value, where):
    """Makes what the type hints of the client ask for; its constructors refuse what is missing, unknown or not valid."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is typing.Any:
        return value
    if type(None) in arguments:
        if value is None:
            fail(f"{where}: null where the member should not be there")
        return build(next(a for a in arguments if a is not type(None)), value, where)
    if origin is typing.Union:
        return value
    if origin is typing.Literal:
        if value not in arguments:
            fail(f"{where}: {value!r} is not one of {arguments}")
        return value
    if origin is list:
        if not isinstance(value, list):
            fail(f"{where}: expected a list")
        return [build(arguments[0], element, f"{where}[{index}]") for index, element in enumerate(value)]
    if origin is dict:
        return {name: build(arguments[1], element, f"{where}.{name}") for name, element in value.items()}
    if kind in (str, int, float, bool):
        if type(value) is not kind:
            fail(f"{where}: expected {kind.__name__}, found {value!r}")
        return value
    if hasattr(kind, "__attrs_attrs__"):
        return build_object(kind, value, where)
    try:
        return kind(value)
    except ValueError as error:
        fail(f"{where}: {error}")


def hint(kind, name):
    """The type of a member, which the module of the class that declares it spells."""
    owner = next(c for c in kind.__mro__ if name in c.__dict__.get("__annotations__", {}))
    return eval(owner.__annotations__[name], dict(vars(importlib.import_module(owner.__module__))))


def build_object(kind, value, where):
    if not isinstance(value, dict):
        fail(f"{where}: expected an object")
    members = {}
    for attribute in kind.__attrs_attrs__:
        if attribute.name not in value:
            continue
        members[attribute.name] = build(hint(kind, attribute.name), value[attribute.name], f"{where}.{attribute.name}")
    unknown = set(value) - {attribute.name for attribute in kind.__attrs_attrs__}
    if unknown:
        fail(f"{where}: {kind.__name__} knows no {sorted(unknown)}")
    given = {a.alias: members[a.name] for a in kind.__attrs_attrs__ if a.init and a.name in members}
    try:
        return kind(**given)
    except (TypeError, ValueError) as error:
        fail(f"{where}: {error}")


FACETS = {"run": "RunFacet", "job": "JobFacet", "dataset": "DatasetFacet", "input": "InputDatasetFacet", "output": "OutputDatasetFacet"}


def openlineage(path):
    from openlineage.client.generated import base

    classes = facet_classes()
    counts = collections.Counter()
    states = collections.defaultdict(list)
    columns = collections.defaultdict(set)
    lineage = []

    def facets(told, place, where):
        for name, facet in told.items():
            schema = facet.get("_schemaURL")
            if schema not in classes:
                fail(f"{where}.{name}: the client has no class for {schema}")
            if not issubclass(classes[schema], getattr(base, FACETS[place])):
                fail(f"{where}.{name}: {schema} is no facet of a {place}")
            if not facet.get("_producer"):
                fail(f"{where}.{name}: nobody is named as its producer")
            build_object(classes[schema], facet, f"{where}.{name}")
            counts[name] += 1

    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        event = json.loads(line)
        where = f"line {number}"
        facets(event["run"].get("facets", {}), "run", where)
        facets(event["job"].get("facets", {}), "job", where)
        for role, statistics in (("inputs", "inputFacets"), ("outputs", "outputFacets")):
            for dataset in event[role]:
                facets(dataset.get("facets", {}), "dataset", where)
                facets(dataset.get(statistics, {}), role[:-1], where)
                name = (dataset["namespace"], dataset["name"])
                for field in dataset.get("facets", {}).get("schema", {}).get("fields", []):
                    columns[name].add(field["name"])
                told = dataset.get("facets", {}).get("columnLineage")
                if told:
                    lineage.append((where, name, told, {(i["namespace"], i["name"]) for i in event["inputs"]}))
        # The facets were built one by one: the client's own types for them say no more than that they are facets.
        bare = json.loads(line)
        for holder in [bare["run"], bare["job"], *bare["inputs"], *bare["outputs"]]:
            for name in ("facets", "inputFacets", "outputFacets"):
                holder.pop(name, None)
        build_object(base.RunEvent, bare, where)
        if event["schemaURL"] != base.RunEvent._get_schema():
            fail(f"{where}: the client's schema is {base.RunEvent._get_schema()}")
        states[event["run"]["runId"]].append(event["eventType"])
        counts["events"] += 1
    for run, seen in states.items():
        if len(seen) != 2 or seen[0] != "START" or seen[1] not in ("COMPLETE", "FAIL", "ABORT"):
            fail(f"run {run} goes through {seen}")
    for where, name, told, inputs in lineage:
        for field in told["fields"]:
            if field not in columns[name]:
                fail(f"{where}: {name} has no column {field}")
        for origin in [o for f in told["fields"].values() for o in f["inputFields"]] + told.get("dataset", []):
            source = (origin["namespace"], origin["name"])
            if source not in inputs:
                fail(f"{where}: {source} is no input of the event")
            if origin["field"] not in columns[source]:
                fail(f"{where}: {source} has no column {origin['field']}")
    counts["runs"] = len(states)
    print(json.dumps(counts, sort_keys=True))


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "prov":
        prov(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 3 and sys.argv[1] == "openlineage":
        openlineage(sys.argv[2])
    else:
        fail(__doc__)
