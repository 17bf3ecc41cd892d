#!/usr/bin/env python3
"""Holds the two route tables of docs/HTTP.md to the route tables of the program. `--print v2|rest` prints one anew."""
import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TABLES = {"v2": "http/v2/operations.cpp", "rest": "http/engine_rest/operations.cpp"}
ROLES = {"read": "reader", "start": "starter", "work": "worker", "operate": "operator", "deploy": "deployer", "any_role": "any",
         "work_or_operate": "worker or operator", "work_or_read": "worker or reader"}


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def rows(table):
    described = json.loads(read("http/openapi/openapi.json"))["paths"]
    for method, path, roles in re.findall(r'\{"(\w+)", "([^"]+)", (\w+), \w+,', read(TABLES[table])):
        summary = described.get(path, {}).get(method.lower(), {}).get("summary", "")
        yield f"| `{method} {path}` | {ROLES[roles]} | {summary} |"


def missing():
    """Rows that docs/HTTP.md should have, and rows that it should not have."""
    shown = [line for line in read("docs/HTTP.md").split("\n") if re.match(r"\| `(GET|POST|PUT|PATCH|DELETE) ", line)]
    right = [row for table in TABLES for row in rows(table)]
    assert len(right) > 60, "the route tables of the program are not understood any more"
    return [f"lacks   {row}" for row in right if row not in shown] + [f"has     {row}" for row in shown if row not in right]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--print"]:
        print("\n".join(rows(sys.argv[2])))
    else:
        print("\n".join(missing()))
        sys.exit(1 if missing() else 0)
