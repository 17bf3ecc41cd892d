#!/usr/bin/env bash
# Builds this example as a stranger would: a copy of it, beside a copy of the two header folders, in an empty directory.
# Usage: build-outside.sh DIRECTORY      leaves DIRECTORY/build/hello.so
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: build-outside.sh DIRECTORY}
rm -rf "$out"
mkdir -p "$out/include/activities" "$out/plugin"
cp -r "$here/../../activities/abi" "$here/../../activities/sdk" "$out/include/activities/"
cp "$here/hello.cpp" "$here/CMakeLists.txt" "$out/plugin/"
cmake -G Ninja -S "$out/plugin" -B "$out/build" -DFERMATA_INCLUDE="$out/include" -DCMAKE_BUILD_TYPE=Release >"$out/configure.log"
cmake --build "$out/build" >"$out/build.log" || { cat "$out/build.log"; exit 1; }
echo "$out/build/hello.so"
