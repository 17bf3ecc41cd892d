#!/usr/bin/env bash
# Fuzzes the readers and the evaluators with libFuzzer and the sanitizers for addresses and undefined behaviour.
#
#   scripts/fuzz.sh [SECONDS [TARGET...]]     each target for so many seconds (60); all targets unless some are named
#
# Installs clang-14 and libclang-rt-14-dev if they are missing, builds in build/fuzz, and ends with the line "N passed, N failed, N
# skipped", a target each. Exits with 1 when one found something; its input lies in build/fuzz/findings: run build/fuzz/tests/fuzz/TARGET on
# it to see it again. New inputs are kept in build/fuzz/corpus, which begins as tests/fuzz/corpus; scripts/fuzz.sh --merge TARGET adds to
# tests/fuzz/corpus those that reach new code.
set -euo pipefail
cd "$(dirname "$0")/.."

all_targets() { sed -n 's/^fermata_fuzz(\([a-z_]*\) .*/\1/p' tests/fuzz/CMakeLists.txt; }

build() {
  scripts/install-deps.sh --fuzz
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
passed=0 failed=0
for target in "${targets[@]}"; do
  mkdir -p "build/fuzz/corpus/$target"
  dictionary=()
  [[ ! -f "tests/fuzz/${target%%_*}.dict" ]] || dictionary=("-dict=tests/fuzz/${target%%_*}.dict")
  echo "== $target for $seconds s"
  # A single input that takes 20 s under the sanitizers, also beside other programs, took much longer than its bounds allow.
  status=0
  "build/fuzz/tests/fuzz/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=2000 -print_final_stats=1 \
    "${dictionary[@]}" -artifact_prefix="build/fuzz/findings/$target-" "build/fuzz/corpus/$target" "tests/fuzz/corpus/$target" \
    > "build/fuzz/$target.log" 2>&1 || status=$?
  grep -E 'ERROR|SUMMARY|stat::(number_of|new_units|slowest)|runtime error|Test unit' "build/fuzz/$target.log" || true
  if [[ $status -eq 0 ]]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $target: found something, see build/fuzz/$target.log"
  fi
done
echo "$passed passed, $failed failed, 0 skipped"
[[ $failed -eq 0 ]]
