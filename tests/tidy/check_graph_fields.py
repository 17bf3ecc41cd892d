#!/usr/bin/env python3
"""Every field of the compiled graph is read by the engine: what the compiler fills in and nobody reads is a promise not kept.

Prints file:line of each field of engine/model/process_graph.h that no source of engine/ (but the builder) or http/ reads.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = ROOT / "engine/model/process_graph.h"
# Filled in, and not read, for a reason.
EXEMPT = {
    "attached_to": "the activity lists its boundary events, and those are read",
    "wait_for_completion": "always true: waitForCompletion=\"false\" is refused (BPMN-0931)",
}


def fields():
    """(line number, name) of the members of the structs, not of the class ProcessGraph."""
    for number, line in enumerate(HEADER.read_text().splitlines(), 1):
        if line.startswith("class ProcessGraph"):
            return
        match = re.match(r"  [A-Za-z_:<>, \d]+[ >](\w+)(?: = [^;]+)?;", line)
        if match and not line.lstrip().startswith(("enum", "using", "friend")):
            yield number, match.group(1)


def readers():
    text = []
    for folder in ("engine/behavior", "engine/core", "engine/runtime", "engine/state", "http"):
        for file in sorted((ROOT / folder).rglob("*.cpp")):
            text.append(file.read_text())
    return "\n".join(text)


def main():
    text = readers()
    found = list(fields())
    if len(found) < 40:
        sys.exit(f"{HEADER}: only {len(found)} fields were recognised; mend this check")
    unread = [(number, name) for number, name in found if not re.search(rf"(?:\.|->){name}\b", text)]
    for number, name in unread:
        if name not in EXEMPT:
            print(f"{HEADER.relative_to(ROOT)}:{number}: nobody reads '{name}'")
    stale = set(EXEMPT) - {name for _, name in unread}
    for name in sorted(stale):
        print(f"tests/tidy/check_graph_fields.py: '{name}' is read now: take it off the list")
    sys.exit(1 if stale or any(name not in EXEMPT for _, name in unread) else 0)


if __name__ == "__main__":
    main()
