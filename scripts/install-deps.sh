#!/usr/bin/env bash
# Installs what Fermata needs to be built and tested, from Debian 12's own packages only. Run it as often as you like: when nothing
# is missing it asks dpkg, touches no network and returns in a blink.
#
#   scripts/install-deps.sh           what the build and the C++ tests need
#   scripts/install-deps.sh --list    print the packages, one a line (for a Dockerfile, or to read before agreeing)
#   scripts/install-deps.sh --check   install nothing; exit 1 and name what is missing
#   scripts/install-deps.sh --fuzz    what scripts/fuzz.sh needs as well: clang and its libFuzzer
#
# Root, or a user who may use sudo. The Tryton servers of examples/erp are installed by examples/erp/landscape.sh, not here.
set -euo pipefail

# One package a line, with the reason it is here.
packages() {
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' -e 's/[[:space:]]//g' <<'LIST'
g++                      # the compiler: g++ 12
cmake                    # the build
ninja-build              # the build
ccache                   # second builds in minutes instead of tens of minutes
pkg-config               # finds re2, libsodium
git                      # a checkout to work in
ca-certificates          # TLS of npm and of connectors
libboost1.81-dev         # Boost.MSM as C++20 (the default 1.74 does not compile; the two conflict)
libcpp-httplib-dev       # the HTTP server (http/server.cpp only)
nlohmann-json3-dev       # JSON at the edges
libtinyxml2-dev          # BPMN XML
libsqlite3-dev           # the embedded store
sqlite3                  # a shell for looking at a store, used by tests and docs
libspdlog-dev            # logging, compiled
libfmt-dev               # spdlog's formatter
libexpected-dev          # tl::expected behind Result
libintelrdfpmath-dev     # IEEE decimal128: FEEL's numbers
libre2-dev               # FEEL's regular expressions, in linear time
libicu-dev               # Unicode normalisation and case
libhowardhinnant-date-dev # time zones (g++ 12 has none)
libssl-dev               # TLS, HMAC
libsodium-dev            # password and token hashing
libtomlplusplus-dev      # fermata.toml
libcli11-dev             # the command line
libcurl4-openssl-dev     # the HTTP client of the connectors
libmimalloc-dev          # the allocator of the program
libgtest-dev             # tests
libgmock-dev             # tests
libbenchmark-dev         # tests/bench
tzdata                   # the time zone database that timers use
python3                  # test drivers, the ERP stand-in, the ERP checker
curl                     # demo and examples
jq                       # demo and examples
procps                   # ps and kill, in the crash tests
openssl                  # signs the webhooks that the demo sends
LIST
}

# node and npm serve the client tests only; a newer Node from elsewhere is as good as Debian's 18.
node_major() { node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p'; }
extra=()
wanted() {
  packages
  printf '%s\n' ${extra[@]+"${extra[@]}"}
  local major; major=$(node_major)
  if [ -z "$major" ] || [ "$major" -lt 18 ]; then echo nodejs; fi
  command -v npm >/dev/null 2>&1 || echo npm
}
missing() {
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null | sed -n 's/^.i[^ ]* *//p')
  wanted | grep -vxF "$installed" || true
}

case ${1:-} in
  --list) packages; exit 0 ;;
  --check)
    need=$(missing)
    [ -z "$need" ] || { printf 'missing: %s\n' $need; exit 1; }
    exit 0 ;;
  --fuzz) extra=(clang-14 libclang-rt-14-dev) ;;
  '') ;;
  *) echo "usage: $0 [--list|--check|--fuzz]" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "install-deps: this is not a Debian system (no dpkg-query). Install by hand what '$0 --list' prints." >&2
  exit 1
fi
need=$(missing)
[ -n "$need" ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null 2>&1 || { echo "install-deps: need root or sudo to install:" $need >&2; exit 1; }
  as_root=(sudo)
fi
if printf '%s\n' "$need" | grep -qx libboost1.81-dev &&
   dpkg-query -W -f '${db:Status-Abbrev}' libboost1.74-dev 2>/dev/null | grep -q '^.i'; then
  echo "install-deps: libboost1.74-dev is installed and conflicts with libboost1.81-dev; remove it first: apt-get remove libboost1.74-dev" >&2
  exit 1
fi
echo "install-deps: installing" $need
apt() {
  # ${as_root[@]+...}: an empty array is not an error for bash 4 either.
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
{ apt update && apt install --no-install-recommends $need; } >"$log" 2>&1 || {
  tail -n 30 "$log" >&2
  echo "install-deps: apt-get failed; its last lines are above" >&2
  exit 1
}
