#!/usr/bin/env bash
# Shows Fermata's main job: installs what is missing, builds, starts the engine, and plays two leads through to a paid and to a
# cancelled order, with an approval, an ERP outage and a compensation on the way. Ends by itself, with exit code 0 when all went well.
#
#   scripts/demo.sh              on two real Tryton servers (an ERP and a CRM), which it installs and starts
#   scripts/demo.sh --sandbox    on a small stand-in for them: nothing else is installed
#   scripts/demo.sh --keep       leave the engine running at the end
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
cd "$ROOT"
for argument in "$@"; do
  case $argument in
    --sandbox | --keep) ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done

scripts/install-deps.sh
# The landscape's packages and databases take a minute of waiting: do it beside the build.
landscape=""
if ! printf '%s\n' "$@" | grep -qx -- --sandbox; then
  examples/erp/landscape.sh install & landscape=$!
fi
# As scripts/test.sh does: the same sources in another checkout are the same objects.
export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=true
mkdir -p build
log=build/demo-build.log
echo "building (the first time takes a while; the log is in $log)"
if ! { cmake --preset release && ninja -C build/release fermata fermata_tryton_plugin; } > "$log" 2>&1; then
  tail -n 30 "$log" >&2
  echo "demo: does not build" >&2
  exit 1
fi
[ -z "$landscape" ] || wait "$landscape"
FERMATA_BIN=$ROOT/build/release/cli/fermata exec /usr/bin/python3 examples/demo.py "$@"
