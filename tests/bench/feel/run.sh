#!/usr/bin/env bash
# Evaluations and compilations of FEEL per second, beside npm's @bpmn-io/feelin on the same expressions in the same run.
#
#   tests/bench/feel/run.sh [--seconds N] [--build DIR]
#
# Then the slowest of the expressions that mean harm (tests/unit/feel), in processor time: wanted are 200 ms at most.
# Exit code 1 when an evaluation is not at least 50 times as fast. Needs Node 20 and the registry of npm (or what it has in its cache).
# Build first: cmake --preset release && ninja -C build/release feel_bench feel_test
set -euo pipefail
cd "$(dirname "$0")"
seconds=1 build=../../../build/release
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds=${2:?}; shift 2 ;;
    --build) build=${2:?}; shift 2 ;;
    *) sed -n '2,7p' run.sh | sed 's/^# \{0,1\}//'; exit 2 ;;
  esac
done
[ -d node_modules ] || npm ci --no-audit --no-fund --ignore-scripts > /dev/null
slow=0
# In turn, three times; the best of each, since whatever else the machine does only takes away.
for _ in 1 2 3; do
  "$build/tests/bench/feel_bench" expressions.json "$seconds" | sed 's/^/own|/'
  node feelin.mjs expressions.json "$seconds" | sed 's/^/theirs|/'
done | awk -F'|' '
  function best(who, name, column, value) { if (value > most[who, name, column]) most[who, name, column] = value }
  !seen[$2]++ { names[++count] = $2 }
  { best($1, $2, 1, $3 + 0); best($1, $2, 2, $4 + 0) }
  END {
    printf "%-40s %14s %14s %8s %14s %14s\n", "per second", "Fermata", "feelin", "times", "compile", "lezer-feel"
    for (i = 1; i <= count; ++i) {
      n = names[i]
      own = most["own", n, 1]; theirs = most["theirs", n, 1]
      if (!own || !theirs) { print n ": one of the two has no number"; exit 1 }
      printf "%-40s %14d %14d %8.0f %14d %14d\n", n, own, theirs, own / theirs, most["own", n, 2], most["theirs", n, 2]
      if (own < 50 * theirs) slow = 1
    }
    if (slow) print "an evaluation is less than 50 times as fast"
    exit slow
  }' || slow=1
echo
FERMATA_HOSTILE_VERBOSE=1 "$build/tests/unit/feel/feel_test" --gtest_filter='Hostile*' | grep ' ms: ' | sort -rn | sed -n '1,3p'
exit $slow
