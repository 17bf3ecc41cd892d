#!/usr/bin/env bash
# Runs real clients from npm against a real server, and ends with "N passed, N failed, N skipped".
#
#   FERMATA_BIN=build/release/cli/fermata tests/clients/npm/run.sh [suite ...]
#
# The clients are pinned in package-lock.json. They need Node 20 or newer; where the system's is older (Debian 12 has 18), the one
# that npm installed beside them is used.
set -euo pipefail
cd "$(dirname "$0")"
: "${FERMATA_BIN:=../../../build/release/cli/fermata}"
FERMATA_BIN=$(realpath "$FERMATA_BIN")
export FERMATA_BIN

skip_all() { echo "SKIP npm: $1"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
[ -x "$FERMATA_BIN" ] || { echo "FAIL npm: $FERMATA_BIN is not there: build it first"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
command -v npm >/dev/null || skip_all "npm is not installed"
node=node
with_node=()
major=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p')
if [ "${major:-0}" -ge 20 ]; then with_node=(--omit=optional); fi
stamp=node_modules/.installed
if ! cmp -s package-lock.json "$stamp"; then
  # Without a registry there is nothing to test with; that is no failure of the server.
  npm ci --no-audit --no-fund --ignore-scripts "${with_node[@]}" >npm-install.log 2>&1 || skip_all "npm ci failed, see tests/clients/npm/npm-install.log"
  cp package-lock.json "$stamp"
fi
if [ ${#with_node[@]} -eq 0 ]; then
  node=$(ls node_modules/node-linux-*/bin/node 2>/dev/null | head -1)
  [ -n "$node" ] || skip_all "Node 20 or newer is not there"
fi
exec "$node" run.mjs "$@"
