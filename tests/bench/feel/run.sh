#!/usr/bin/env bash
# Evaluations and compilations of FEEL per second, beside npm's @bpmn-io/feelin on the same expressions in the same run.
#
#   tests/bench/feel/run.sh [--seconds N] [--build DIR]
#
# Exit code 1 when an evaluation is not at least 50 times as fast. Needs Node 20 and the registry of npm (or what it has in its cache).
# Build first: cmake --preset release && ninja -C build/release feel_bench
set -euo pipefail
cd "$(dirname "$0")"
seconds=2 build=../../../build/release
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds=${2:?}; shift 2 ;;
    --build) build=${2:?}; shift 2 ;;
    *) sed -n '2,7p' run.sh | sed 's/^# \{0,1\}//'; exit 2 ;;
  esac
done
[ -d node_modules ] || npm ci --no-audit --no-fund --ignore-scripts > /dev/null
own=$("$build/tests/bench/feel_bench" expressions.json "$seconds")
theirs=$(node feelin.mjs expressions.json "$seconds")
paste -d'|' <(echo "$own") <(echo "$theirs") | awk -F'|' '
  BEGIN { printf "%-40s %14s %14s %8s %14s %14s\n", "per second", "Fermata", "feelin", "times", "compile", "lezer-feel" }
  { printf "%-40s %14d %14d %8.0f %14d %14d\n", $1, $2, $5, $2 / $5, $3, $6; if ($2 < 50 * $5) slow = 1 }
  END { if (slow) print "an evaluation is less than 50 times as fast"; exit slow }'
