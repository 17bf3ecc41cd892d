#!/usr/bin/env bash
# Fuzzes the readers and the evaluators with libFuzzer and the sanitizers for addresses and undefined behaviour.
#
#   scripts/fuzz.sh [SECONDS [TARGET...]]     each target for so many seconds (60); all targets unless some are named
#
# Needs the Debian packages clang-14 and libclang-rt-14-dev. Builds in build/fuzz. Exits with 1 at the first finding, whose input lies
# in build/fuzz/findings: run build/fuzz/tests/fuzz/TARGET on it to see it again. New inputs are kept in build/fuzz/corpus, which begins
# as tests/fuzz/corpus; scripts/fuzz.sh --merge TARGET adds to tests/fuzz/corpus those that reach new code.
set -euo pipefail
cd "$(dirname "$0")/.."

all_targets() { sed -n 's/^fermata_fuzz(\([a-z_]*\) .*/\1/p' tests/fuzz/CMakeLists.txt; }

build() {
  command -v clang++-14 > /dev/null || { echo "fuzz.sh: clang++-14 is missing: apt-get install clang-14 libclang-rt-14-dev" >&2; exit 2; }
  cmake --preset fuzz > /dev/null
  ninja -C build/fuzz "$@"
}

if [[ "${1:-}" == --merge ]]; then
  target=${2:?fuzz.sh --merge TARGET}
  build "$target"
  "build/fuzz/tests/fuzz/$target" -merge=1 -max_len=300 -print_final_stats=0 "tests/fuzz/corpus/$target" "build/fuzz/corpus/$target"
  exit
fi

seconds=${1:-60}
shift || true
targets=("$@")
[[ ${#targets[@]} -gt 0 ]] || mapfile -t targets < <(all_targets)
build "${targets[@]}"
mkdir -p build/fuzz/findings
for target in "${targets[@]}"; do
  mkdir -p "build/fuzz/corpus/$target"
  dictionary=()
  [[ ! -f "tests/fuzz/${target%%_*}.dict" ]] || dictionary=("-dict=tests/fuzz/${target%%_*}.dict")
  echo "== $target for $seconds s"
  # A single input that takes 5 s under the sanitizers took much longer than its bounds allow.
  status=0
  "build/fuzz/tests/fuzz/$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -max_len=2000 -print_final_stats=1 \
    "${dictionary[@]}" -artifact_prefix="build/fuzz/findings/$target-" "build/fuzz/corpus/$target" "tests/fuzz/corpus/$target" \
    > "build/fuzz/$target.log" 2>&1 || status=$?
  grep -E 'ERROR|SUMMARY|stat::(number_of|new_units|slowest)|runtime error|Test unit' "build/fuzz/$target.log" || true
  [[ $status -eq 0 ]] || { echo "fuzz.sh: $target found something; see build/fuzz/$target.log" >&2; exit 1; }
done
