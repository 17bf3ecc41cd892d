#!/usr/bin/env python3
"""Holds the walls of the house: who may include whom, and which third-party header may be seen where.

Prints file:line of every illegal include; exit code 1 if there is one. The floors are those of docs/ARCHITECTURE.md.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Longest prefix wins. A file may include from its own room and from rooms of a lower floor; rooms named in NEIGHBOURS as well.
FLOORS = {
    "engine/base": 0,
    "engine/model": 1,
    "engine/record": 1.1,  # the vocabulary names element kinds
    "engine/lifecycle": 2,
    "activities/abi": 2,
    "engine/state": 2.1,
    "persistence/store.h": 2.2,
    "persistence/read_session.h": 2.2,
    "persistence": 2.3,
    "engine/behavior": 3,
    "engine/core": 4,
    "persistence/query": 4.5,
    "persistence/sqlite": 5,
    "persistence/memory": 5,
    "persistence/testing": 5,
    "processes/feel": 5,
    "processes/xml": 5,
    "processes/bpmn": 5.1,
    "processes/dmn": 5.1,
    "activities/sdk": 5,
    "activities/host": 5.1,
    "activities/builtin": 5.2,
    "engine/runtime": 6,
    "http": 7,
    "cli": 8,
    "tests": 9,
    "examples": 9,
}
PURE = ("engine/base", "engine/model", "engine/record", "engine/lifecycle", "engine/state", "engine/behavior", "engine/core")
# What the floors 0 to 4 must not know, with the one exception that time zones are read once (engine/base/time_zone.cpp).
IMPURE = re.compile(r"<(thread|mutex|condition_variable|chrono|fstream|filesystem|random|iostream|sqlite3\.h|httplib\.h|spdlog/.*)>")
IMPURE_EXCEPTIONS = {"engine/base/time_zone.cpp", "engine/base/check.cpp"}
# Third parties never appear in a header of ours, and only in the .cpp files of one place.
THIRD_PARTY = {
    r"nlohmann/": ("engine/base", "http", "cli", "tests"),
    r"httplib\.h": ("http/server", "tests"),
    r"spdlog/": ("cli",),
    r"boost/": ("engine/lifecycle",),
    r"tinyxml2\.h": ("processes/xml",),
    r"sqlite3\.h": ("persistence/sqlite", "persistence/testing", "tests"),
    r"curl/": ("activities/builtin", "cli"),
}
# Headers that are private to their folder's .cpp files and are there to hold such a third party.
HEADER_EXCEPTIONS = {("engine/lifecycle/machine.h", r"boost/")}

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<][^">]+[">])')


def floor_of(path):
    best = None
    for prefix, floor in FLOORS.items():
        if (path == prefix or path.startswith(prefix + "/")) and (best is None or len(prefix) > len(best[0])):
            best = (prefix, floor)
    return best


def illegal(path, name):
    """The reason why `path` may not include `name` (with its quotes or brackets), or None."""
    target = name[1:-1]
    own = floor_of(path)
    theirs = floor_of(target) if name[0] == '"' else None
    if own and theirs and theirs[1] >= own[1] and theirs[0] != own[0] and not target.startswith(own[0] + "/"):
        return f"{own[0]} (floor {own[1]}) may not look up or sideways to {theirs[0]} (floor {theirs[1]})"
    if path.startswith(PURE) and IMPURE.fullmatch(name) and path not in IMPURE_EXCEPTIONS:
        return f"{name} has no place on the pure floors"
    for pattern, places in THIRD_PARTY.items():
        if not re.match(pattern, target):
            continue
        if path.endswith(".h") and not path.startswith("tests") and (path, pattern) not in HEADER_EXCEPTIONS:
            return f"{target} in a header of ours"
        if not path.startswith(places):
            return f"{target} is known to {', '.join(places)} only"
    return None


def main():
    bad = 0
    files = 0
    for top in ("engine", "processes", "activities", "persistence", "http", "cli"):
        for file in sorted((ROOT / top).rglob("*")):
            if file.suffix not in (".h", ".cpp", ".c"):
                continue
            files += 1
            path = file.relative_to(ROOT).as_posix()
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                found = INCLUDE.match(line)
                reason = illegal(path, found.group(1)) if found else None
                if reason:
                    bad += 1
                    print(f"{path}:{number}: {reason}")
    # A check that cannot fail is none: a planted wrong include must be found.
    if illegal("engine/base/value.cpp", '"engine/runtime/engine.h"') is None or illegal("http/v2/x.h", "<sqlite3.h>") is None:
        print("the check does not find planted illegal includes")
        return 1
    print(f"{files} files, {bad} illegal includes")
    return 1 if bad or files < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
