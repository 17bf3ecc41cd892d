#!/usr/bin/env bash
# A real ERP and a real CRM on loopback: two Tryton 6.0 servers out of Debian 12 packages, each with its own SQLite database.
#
#   landscape.sh install   the Debian packages, and the two template databases (under two minutes on a fresh machine; idempotent)
#   landscape.sh start     start both and wait until both answer a login (10 s; installs first if that was not done)
#   landscape.sh reset     back to the seed data (10 s)
#   landscape.sh stop | status | check
#
#   ERP_PORT=18069  CRM_PORT=18070      where they listen, on 127.0.0.1 only
#   LANDSCAPE_STATE=DIR                 databases, logs and process ids (default: in /dev/shm, which a reboot empties)
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
STATE=${LANDSCAPE_STATE:-/dev/shm/fermata-landscape-$(id -u)}
ERP_PORT=${ERP_PORT:-18069}
CRM_PORT=${CRM_PORT:-18070}
# A password for the demo's own servers, which only this machine reaches. The engine gets it as a secret, never as a variable.
export LANDSCAPE_PASSWORD=${LANDSCAPE_PASSWORD:-E2eflow!Kx9}
export PYTHONWARNINGS=ignore
PYTHON=/usr/bin/python3 # Debian's: it sees Debian's Tryton
PACKAGES="tryton-server tryton-proteus tryton-modules-sale tryton-modules-sale-opportunity tryton-modules-sale-credit-limit
  tryton-modules-sale-stock-quantity tryton-modules-account-invoice-stock"
ERP_MODULES="sale sale_credit_limit sale_stock_quantity account_invoice_stock"
CRM_MODULES="sale_opportunity"

port() { if [ "$1" = erp ]; then echo "$ERP_PORT"; else echo "$CRM_PORT"; fi; }
pid() { cat "$STATE/$1.pid" 2>/dev/null || true; }
alive() { local p; p=$(pid "$1"); [ -n "$p" ] && grep -qs trytond "/proc/$p/cmdline"; }
logged_in() { # ROLE: does the server let the engine's user in?
  curl -s --max-time 5 -H 'Content-Type: application/json' "http://127.0.0.1:$(port "$1")/$1/" \
    -d '{"id":0,"method":"common.db.login","params":["engine",{"password":"'"$LANDSCAPE_PASSWORD"'"},"en"]}' 2>/dev/null | grep -q '"result":\['
}

configure() { # ROLE DATABASE-DIR FILE
  cat > "$3" <<CONF
[database]
uri = sqlite://
path = $2
[web]
listen = 127.0.0.1:$(port "$1")
[session]
timeout = 86400
max_attempt = 1000
CONF
}

packages() {
  local missing="" p
  for p in $PACKAGES curl; do dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null | grep -q '^.i' || missing="$missing $p"; done
  [ -n "$missing" ] || return 0
  local root=(); [ "$(id -u)" = 0 ] || root=(sudo)
  echo "landscape: installing$missing"
  local apt=(${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends $missing; } > "$STATE/apt.log" 2>&1 ||
    { tail -n 20 "$STATE/apt.log" >&2; return 1; }
}

template() { # ROLE: make its database once; start and reset copy it
  local role=$1 dir="$STATE/template" modules
  [ -e "$dir/$role.done" ] && return
  if [ "$role" = erp ]; then modules=$ERP_MODULES; else modules=$CRM_MODULES; fi
  rm -f "$dir/$role.sqlite"; : > "$dir/$role.sqlite"
  configure "$role" "$dir" "$dir/$role.conf"
  printf '%s\n' "$LANDSCAPE_PASSWORD" > "$dir/password"
  # shellcheck disable=SC2086
  TRYTONPASSFILE="$dir/password" trytond-admin -c "$dir/$role.conf" -d "$role" -u ir res $modules --activate-dependencies \
    --email admin@example.test > "$dir/$role.log" 2>&1 &&
    "$PYTHON" "$HERE/setup_tryton.py" "$role" "$dir/$role.conf" "$role" >> "$dir/$role.log" 2>&1 ||
    { echo "landscape: cannot build the $role database:" >&2; tail -n 20 "$dir/$role.log" >&2; return 1; }
  touch "$dir/$role.done"
}

install() {
  mkdir -p "$STATE/template"
  chmod 700 "$STATE"
  packages
  template erp & local erp=$!
  template crm & local crm=$!
  wait "$erp"; wait "$crm"
}

start_one() { # ROLE
  local role=$1 dir="$STATE/db-$1"
  alive "$role" && return
  if logged_in "$role"; then echo "landscape: port $(port "$role") is taken by another server" >&2; return 1; fi
  mkdir -p "$dir"
  [ -s "$dir/$role.sqlite" ] || cp "$STATE/template/$role.sqlite" "$dir/$role.sqlite"
  configure "$role" "$dir" "$STATE/$role.conf"
  setsid nohup trytond -c "$STATE/$role.conf" -d "$role" > "$STATE/$role.log" 2>&1 < /dev/null &
  echo $! > "$STATE/$role.pid"
}

stop_one() { # ROLE
  if alive "$1"; then
    local p; p=$(pid "$1"); kill "$p"
    for _ in $(seq 50); do alive "$1" || break; sleep 0.1; done
    if alive "$1"; then kill -9 "$p"; fi
  fi
  rm -f "$STATE/$1.pid"
}

wait_for() { # ROLE
  for _ in $(seq 600); do
    logged_in "$1" && return 0
    alive "$1" || { echo "landscape: the $1 server ended:" >&2; tail -n 20 "$STATE/$1.log" >&2; return 1; }
    sleep 0.1
  done
  echo "landscape: the $1 server does not answer within a minute; see $STATE/$1.log" >&2
  return 1
}

case ${1:-} in
  install) install; echo "landscape: installed" ;;
  start | reset)
    install
    if [ "$1" = reset ]; then stop_one erp; stop_one crm; rm -rf "$STATE/db-erp" "$STATE/db-crm"; fi
    start_one erp; start_one crm
    wait_for erp; wait_for crm
    echo "landscape: ready, erp http://127.0.0.1:$ERP_PORT/erp/ crm http://127.0.0.1:$CRM_PORT/crm/" ;;
  stop) stop_one erp; stop_one crm; echo "landscape: stopped" ;;
  status)
    for role in erp crm; do
      if alive $role; then echo "$role up, pid $(pid $role), $(awk '/VmRSS/{print $2}' "/proc/$(pid $role)/status") kB, port $(port $role)"; else echo "$role down"; fi
    done ;;
  check) logged_in erp && logged_in crm && echo "landscape: both answer" || { echo "landscape: not both answer" >&2; exit 1; } ;;
  *) echo "usage: $0 install|start|reset|stop|status|check" >&2; exit 2 ;;
esac
