#!/usr/bin/env bash
# All scenarios of docs/PERFORMANCE.md, one after another, and a table at the end. Exit code 1 when a scenario failed or a row is missed.
#
#   tests/bench/run.sh [--quick] [--folder DIR] [--build DIR] [--port N]
#
# --quick: short measurements and small numbers, to see that all of it runs (about two minutes); its numbers mean little.
# --folder: on the disk that is to be measured (default: a temporary folder). --build: build/release. --port: 19100.
# Build first: ninja -C build/release fermata engine_bench linear3_bench http_load bench_plugin
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build="$root/build/release" folder='' port=19100 quick=0
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) quick=1; shift ;;
    --folder) folder=${2:?--folder needs a directory}; shift 2 ;;
    --build) build=$(cd "${2:?--build needs a directory}" && pwd); shift 2 ;;
    --port) port=${2:?--port needs a number}; shift 2 ;;
    *) sed -n '2,8p' "$0" | sed 's/^# \{0,1\}//'; exit 2 ;;
  esac
done
for program in cli/fermata tests/bench/engine_bench tests/bench/linear3_bench tests/bench/http_load tests/bench/bench.so; do
  [ -e "$build/$program" ] || {
    echo "$build/$program is not there. Build it: ninja -C $build fermata engine_bench linear3_bench http_load bench_plugin" >&2
    exit 2
  }
done
own=$(mktemp -d ${folder:+-p "$folder"})
log="$own/log.txt"
trap 'rm -rf "$own"' EXIT
# What is measured comes before what else the machine does; without the right to it, as it is.
measured=(nice -n -10)
"${measured[@]}" true 2>/dev/null || measured=()

failed=0
run() {  # NAME COMMAND...
  printf '\n== %s\n' "$1" | tee -a "$log"
  shift
  mkdir "$own/scenario"
  "${measured[@]}" "$@" 2>&1 | tee -a "$log" || failed=1
  rm -rf "$own/scenario"
}
python() { echo python3 "$here/$1" --build "$build" --port "$port" --folder "$own/scenario"; }

if [ $quick = 1 ]; then
  run 'S1 linear3' "$build/tests/bench/linear3_bench" "$own/scenario" 1
  run 'S3 o2c6, S6 growth' "$build/tests/bench/engine_bench" "$own/scenario" 0.2 2000
  run 'S4 steps3-http' $(python s4_steps3_http.py) --seconds 1 --repeat 1
  run 'S7 crash' $(python s7_crash.py) --instances 5000 --kills 2
  run 'S11 footprint' $(python s11_footprint.py) --starts 5 --instances 2000
else
  run 'S1 linear3' "$build/tests/bench/linear3_bench" "$own/scenario" 5
  run 'S3 o2c6, S6 growth' "$build/tests/bench/engine_bench" "$own/scenario" 2 1000000
  run 'S4 steps3-http' $(python s4_steps3_http.py)
  run 'S7 crash' $(python s7_crash.py)
  run 'S11 footprint' $(python s11_footprint.py)
fi

printf '\nMeasured %s on %s, %s processors, %s, load %s, commit %s\n\n' "$(date -u +%Y-%m-%d)" \
  "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$(. /etc/os-release && echo "$PRETTY_NAME")" \
  "$(cut -d' ' -f1 /proc/loadavg)" "$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)"
echo '| scenario | what | measured | wanted | |'
echo '|---|---|---|---|---|'
sed -n 's/^row | \(.*\)$/| \1 |/p' "$log"
# What engine_bench prints: "S3 at 256 / raw packed at 256: 0.41".
sed -nE 's/^(S[0-9]+) ([^:]*\/[^:]*): (.*)$/| \1 | \2 | \3 |  |  |/p; s/^(one idle durable command): (.*)$/|  | \1 | \2 |  |  |/p' "$log"
[ $failed = 0 ] && ! grep -q '^row .*MISSED' "$log"
