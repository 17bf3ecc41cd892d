#!/usr/bin/env bash
# Runs a command of this repository in a fresh Debian 12 tree, from a clean clone of HEAD: the proof that nothing on this machine
# was installed by hand. Root only (debootstrap and chroot need it).
#
#   scripts/fresh-debian.sh                        scripts/demo.sh and then scripts/test.sh, each twice
#   scripts/fresh-debian.sh scripts/test.sh        one command, in the clone
#   FRESH_DIR=/var/tmp/fermata-fresh               where the tree is put (about 4 GB when everything is built)
#   FRESH_CCACHE=DIR                               begin with a copy of this ccache: what is there need not be compiled again. A header that
#                                                  is missing in the tree is noticed all the same: ccache looks into each of them
#   FRESH_KEEP=1                                   keep the tree and its clone: quick to look into, but no longer fresh
#
# The mirror is the one that this machine's apt uses. The command runs in its own mount and process namespace: what it mounts and
# starts is gone when it ends. It shares the network of this machine, so the ports it uses have to be free.
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
TREE=${FRESH_DIR:-/var/tmp/fermata-fresh}
SUITE=bookworm
[ "$(id -u)" = 0 ] || { echo "fresh-debian: has to be root, for debootstrap and chroot" >&2; exit 1; }

# The second half, inside the namespaces: mount what a machine has, enter the tree, run.
if [ "${1:-}" = --inside ]; then
  shift
  mount -t proc proc "$TREE/proc"
  mount --rbind /sys "$TREE/sys"
  mount -t tmpfs -o mode=755 tmpfs "$TREE/dev"
  mkdir -p "$TREE/dev/pts" "$TREE/dev/shm"
  for node in null zero full random urandom tty; do
    : > "$TREE/dev/$node"; mount --bind "/dev/$node" "$TREE/dev/$node"
  done
  ln -sf /proc/self/fd "$TREE/dev/fd"
  for n in 0:stdin 1:stdout 2:stderr; do ln -sf "/proc/self/fd/${n%%:*}" "$TREE/dev/${n##*:}"; done
  mount -t tmpfs -o mode=1777 tmpfs "$TREE/dev/shm"
  # A clean environment: what is set on this machine by hand must not help. LANG as a fresh Debian has it.
  exec chroot "$TREE" /usr/bin/env -i HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt} \
    ${FERMATA_TEST_ARGS:+FERMATA_TEST_ARGS="$FERMATA_TEST_ARGS"} \
    /bin/bash -c 'cd /root/fermata && "$@"' fresh "$@"
fi

mirror() { # the URI that apt uses for the suite, out of either of its two formats
  awk -v suite="$SUITE" '
    FILENAME ~ /\.sources$/ { if ($1 == "URIs:") uri = $2; if ($1 == "Suites:") for (i = 2; i <= NF; i++) if ($i == suite) { print uri; exit } }
    FILENAME ~ /\.list$/ && $1 == "deb" { sub(/\[[^]]*\] */, ""); if ($3 == suite) { print $2; exit } }
  ' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | head -n 1
}

if [ ! -e "$TREE/.debootstrap-done" ] || [ "${FRESH_KEEP:-}" != 1 ]; then
  command -v debootstrap >/dev/null 2>&1 || DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 --no-install-recommends install debootstrap >/dev/null
  uri=$(mirror)
  [ -n "$uri" ] || { echo "fresh-debian: no mirror for $SUITE under /etc/apt" >&2; exit 1; }
  rm -rf --one-file-system "$TREE"
  mkdir -p "$TREE"
  echo "fresh-debian: debootstrap $SUITE from $uri into $TREE"
  debootstrap --variant=minbase "$SUITE" "$TREE" "$uri" > "$TREE.log" 2>&1 || { tail -n 20 "$TREE.log" >&2; exit 1; }
  echo "deb $uri $SUITE main" > "$TREE/etc/apt/sources.list"
  # Certificates that this machine's administrator added (a company proxy): without them neither apt nor npm would get out.
  mkdir -p "$TREE/usr/local/share/ca-certificates"
  cp -L /usr/local/share/ca-certificates/*.crt "$TREE/usr/local/share/ca-certificates/" 2>/dev/null || true
  cp -L /etc/apt/apt.conf.d/*proxy* "$TREE/etc/apt/apt.conf.d/" 2>/dev/null || true
  touch "$TREE/.debootstrap-done"
fi
cp -L /etc/resolv.conf /etc/hosts "$TREE/etc/"
if [ -n "${FRESH_CCACHE:-}" ]; then
  rm -rf "$TREE/root/.cache/ccache"
  mkdir -p "$TREE/root/.cache"
  cp -a "$FRESH_CCACHE" "$TREE/root/.cache/ccache"
fi
rm -rf "$TREE/root/fermata"
git -c safe.directory='*' clone -q --depth 1 "file://$ROOT" "$TREE/root/fermata"

run() {
  echo "fresh-debian: $*"
  local begun=$SECONDS status=0
  FRESH_DIR=$TREE unshare --mount --propagation private --pid --fork --kill-child "$0" --inside "$@" || status=$?
  echo "fresh-debian: $* ended with $status after $((SECONDS - begun)) s"
  return $status
}
if [ $# -gt 0 ]; then run "$@"; else
  for command in scripts/demo.sh scripts/demo.sh scripts/test.sh scripts/test.sh; do run "$command"; done
fi
[ "${FRESH_KEEP:-}" = 1 ] || rm -rf --one-file-system "$TREE"
