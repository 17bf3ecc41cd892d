#!/usr/bin/env bash
# Installs what is missing, builds, runs every test, and ends with the line "N passed, N failed, N skipped".
#
#   scripts/test.sh                  everything: release, the programs around it, AddressSanitizer and UBSan, ThreadSanitizer
#   scripts/test.sh --quick          release build and its tests only
#   scripts/test.sh --no-sanitizers  everything but the two sanitizer builds
#   scripts/test.sh --only NAME      one of the suites that --list prints; asan and tsan stand for all that is built with them
#
# Exit code 0 when nothing failed. Logs and JUnit files are left in build/test-results. FERMATA_JOBS sets the parallel build jobs.
set -uo pipefail
ROOT=$(cd "$(dirname "$0")/.." && pwd)
cd "$ROOT" || exit 2
RESULTS=$ROOT/build/test-results
JOBS=${FERMATA_JOBS:-$(nproc)}
PASSED=0 FAILED=0 SKIPPED=0
# The whole run ends within this many seconds: what does not fit any more is reported as skipped, never cut off in silence.
BUDGET=${FERMATA_TEST_BUDGET:-5000}
# The same sources in another checkout are the same objects.
export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=true
export FERMATA_BIN=$ROOT/build/release/cli/fermata

# The suites that are programs of their own: name, time limit in seconds, command. Each gets the built program in FERMATA_BIN and
# ends its output with "N passed, N failed, N skipped"; a line "SKIP name: reason" or "FAIL name: reason" is shown here as well.
suites() {
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' <<'LIST'
attack 300 tests/clients/e2e/with_server.py python3 tests/clients/attack/attack.py {url} --token {token} --pid {pid}
npm 900 tests/clients/npm/run.sh                              # real clients from npm
examples 1200 tests/clients/e2e/run.py                        # what a new user runs first, on the stand-in for ERP and CRM
crash 600 tests/crash/binary/run.py --seconds 270            # the shipped program, killed at its writes and syncs
documents 600 tests/docs/run_documents.py                     # OPERATIONS and HACKING, word for word
fuzz 1500 scripts/fuzz.sh 60                                  # libFuzzer and the sanitizers, a minute for each reader and evaluator
main-job 1800 tests/crash/e2e/run.py --deals 8 --kills 25     # on two real Tryton servers, with faults and SIGKILLs
LIST
}

# The same for the program that is built with a sanitizer: preset, name, time limit, command. What it has to say fails the suite.
# These ask for the program's own mistakes, so the bounds on time and memory are left to the suites above.
sanitized_suites() {
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' <<'LIST'
asan asan-attack 300 tests/clients/e2e/with_server.py python3 tests/clients/attack/attack.py {url} --token {token} --slower 10
asan asan-examples 900 tests/clients/e2e/run.py               # the whole way of an order, with its plugins
asan asan-crash 300 tests/crash/binary/run.py --seconds 60    # its own start after a kill, over and over
tsan tsan-attack 300 tests/clients/e2e/with_server.py python3 tests/clients/attack/attack.py {url} --token {token} --slower 10
LIST
}

MODE=all ONLY=""
while [ $# -gt 0 ]; do
  case $1 in
    --quick) MODE=quick ;;
    --no-sanitizers) MODE=nosan ;;
    --only) ONLY=${2:?--only needs a name}; shift ;;
    --list) echo release; suites | awk '{print $1}'; echo asan; echo tsan; sanitized_suites | awk '{print $2}'; exit 0 ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift
done
wants() { # NAME KIND
  if [ -n "$ONLY" ]; then [ "$ONLY" = "$1" ]; return; fi
  case $MODE:$2 in all:* | nosan:release | nosan:program | quick:release) return 0 ;; *) return 1 ;; esac
}

add() { # SUITE PASSED FAILED SKIPPED SECONDS
  printf '%-22s %5d passed %4d failed %4d skipped  %5d s\n' "$1" "$2" "$3" "$4" "$5"
  PASSED=$((PASSED + $2)); FAILED=$((FAILED + $3)); SKIPPED=$((SKIPPED + $4))
}

# A sanitizer build that was begun and could not be finished is reported as skipped too, with what had failed in it by then; the
# release build and its tests have to fit.
cut_off() { [ "$1" != release ] && [ "$(left)" = 0 ]; } # PRESET
left() { echo $((BUDGET - SECONDS > 0 ? BUDGET - SECONDS : 0)); }
at_most() { [ "$1" -lt "$(left)" ] && echo "$1" || left; }
fits() { # NAME SECONDS-NEEDED
  [ "$(left)" -ge "$2" ] && return 0
  echo "SKIP $1: needs about $2 s, and $(left) s of the run's $BUDGET s are left"
  add "$1" 0 0 1 0
  return 1
}

finish() {
  echo
  echo "logs: ${RESULTS#"$ROOT"/}"
  echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
  [ "$FAILED" = 0 ]
  exit
}

# Builds a preset. With a pattern: only the program and the test programs whose path matches it. No benchmarks under a sanitizer.
build() { # PRESET [PATTERN]
  local log="$RESULTS/$1-build.log" targets=() bench=ON
  [ "$1" = release ] || bench=OFF
  cmake --preset "$1" -DFERMATA_TESTS=ON -DFERMATA_BENCH=$bench > "$log" 2>&1 || return 1
  if [ -n "${2:-}" ]; then
    mapfile -t targets < <(ninja -C "build/$1" -t targets all 2>/dev/null | sed -n 's/^\(tests\/[^:]*\): CXX_EXECUTABLE_LINKER.*/\1/p' | grep -E "$2")
    [ ${#targets[@]} -gt 0 ] || { echo "no test program matches $2" >> "$log"; return 1; }
    targets+=(cli/fermata)
  fi
  timeout "$(at_most 3600)" ninja -C "build/$1" -j "$JOBS" ${targets[@]+"${targets[@]}"} >> "$log" 2>&1
}

# Runs ctest on a built preset and reads its JUnit file.
run_ctest() { # PRESET LIMIT-SECONDS [ctest arguments]
  local preset=$1 limit=$2 begun=$SECONDS numbers; shift 2
  local junit="$RESULTS/$preset.xml" log="$RESULTS/$preset-ctest.log"
  rm -f "$junit"
  timeout "$(at_most "$limit")" ctest --test-dir "build/$preset" -j 2 --timeout 600 --output-on-failure --output-junit "$junit" "$@" > "$log" 2>&1
  if [ ! -s "$junit" ] && cut_off "$preset"; then
    sed -n 's/.*Test *#[0-9]*: \([^ ]*\) .*\*\*\*[FET].*/FAIL \1/p' "$log"
    echo "SKIP $preset: the $BUDGET s of the run were over before all of its tests had run"
    numbers="$(grep -c ' Passed  ' "$log") $(grep -c 'Test *#.*\*\*\*[FET]' "$log") 1"
  else
    numbers=$(python3 "$ROOT/scripts/junit_counts.py" "$junit" "$log" 2>"$RESULTS/$preset-notes.log")
    cat "$RESULTS/$preset-notes.log"
  fi
  # shellcheck disable=SC2086
  add "$preset" ${numbers:-0 1 0} $((SECONDS - begun))
}

preset() { # NAME LIMIT-SECONDS PATTERN [ctest arguments]
  local name=$1 limit=$2 pattern=$3 begun=$SECONDS; shift 3
  if ! build "$name" "$pattern"; then
    if cut_off "$name" && ! grep -q "error:" "$RESULTS/$name-build.log"; then
      echo "SKIP $name: the $BUDGET s of the run were over while it was being built"
      add "$name build" 0 0 1 $((SECONDS - begun))
      return 1
    fi
    grep -E 'error|FAILED|CMake Error|no test program' "$RESULTS/$name-build.log" | head -n 20
    echo "FAIL $name: does not build, see build/test-results/$name-build.log"
    add "$name build" 0 1 0 $((SECONDS - begun))
    return 1
  fi
  echo "built $name in $((SECONDS - begun)) s"
  run_ctest "$name" "$limit" "$@"
}

program() { # NAME LIMIT-SECONDS COMMAND...
  local name=$1 limit=$2 begun=$SECONDS log="$RESULTS/$1.log" status=0 last; shift 2
  timeout "$(at_most "$limit")" "$@" > "$log" 2>&1 < /dev/null || status=$?
  grep -E '^(SKIP|FAIL) ' "$log"
  last=$(sed -n 's/^\([0-9]\{1,\}\) passed, \([0-9]\{1,\}\) failed, \([0-9]\{1,\}\) skipped$/\1 \2 \3/p' "$log" | tail -n 1)
  if [ -z "$last" ] || { [ "$status" != 0 ] && [ "$(cut -d' ' -f2 <<< "$last")" = 0 ]; }; then
    tail -n 5 "$log"
    echo "FAIL $name: ended with $status, see build/test-results/$name.log"
    set -- ${last:-0 0 0}
    last="$1 $(($2 + 1)) $3"
  fi
  # shellcheck disable=SC2086
  add "$name" $last $((SECONDS - begun))
}

scripts/install-deps.sh || { echo "FAIL install-deps: see above"; FAILED=1; finish; }
mkdir -p "$RESULTS"

needs_binary=no
if wants release release; then
  preset release 2400 '' || finish
elif suites | awk '{print $1}' | grep -qxF "$ONLY"; then needs_binary=yes; fi
if [ $needs_binary = yes ] && ! build release; then echo "FAIL release: does not build"; FAILED=1; finish; fi

while read -r name limit command; do
  wants "$name" program || continue
  # shellcheck disable=SC2086
  fits "$name" 60 && program "$name" "$limit" $command
done < <(suites)

# Under a sanitizer nothing depends on what a disk has kept, so the files of the tests lie in memory.
[ -w /dev/shm ] && MEMORY=/dev/shm || MEMORY=${TMPDIR:-/tmp}
export UBSAN_OPTIONS=print_stacktrace=1 TSAN_OPTIONS=second_deadlock_stack=1

# Not under a sanitizer: what is marked slow has shown what it can in the release build, and Mutants asks whether the tests notice
# faults that are put in on purpose. A test program that is not wanted here has not been built.
sanitizer() { # PRESET LIMIT-SECONDS PATTERN
  TMPDIR=$MEMORY preset "$1" "$2" "$3" -LE 'slow|bench' -E '^Mutants\.|_NOT_BUILT$'
}

sanitized_program() { # PRESET NAME LIMIT-SECONDS COMMAND...
  local preset=$1 name=$2 report=$RESULTS/$2-report; shift
  rm -f "$report".*
  # The server's standard error is the business of the suite that starts it, so the sanitizer writes files of its own.
  FERMATA_BIN=$ROOT/build/$preset/cli/fermata \
    FERMATA_KILL_SHIM=$ROOT/build/release/tests/crash/binary/libfermata_kill_shim.so \
    FERMATA_CHECKER=$ROOT/build/release/tests/crash/checker/fermata_check_store \
    ASAN_OPTIONS="log_path=$report:verify_asan_link_order=0" UBSAN_OPTIONS="print_stacktrace=1:log_path=$report" \
    TSAN_OPTIONS="second_deadlock_stack=1:log_path=$report" program "$@"
  if compgen -G "$report.*" > /dev/null; then
    sed -n '/ERROR:\|WARNING:\|runtime error:/p' "$report".* | sort | uniq -c | head -n 5
    echo "FAIL $name: the sanitizer has something to say, see build/test-results/$name-report.*"
    add "$name reports" 0 1 0 0
  fi
}

sanitized_programs() { # PRESET
  local preset name limit command
  while read -r preset name limit command; do
    [ "$preset" = "$1" ] || continue
    [ "$ONLY" = "$name" ] || wants "$1" sanitizer || continue
    # shellcheck disable=SC2086
    fits "$name" 60 && sanitized_program "$preset" "$name" "$limit" $command
  done < <(sanitized_suites)
}

# AddressSanitizer and UndefinedBehaviorSanitizer see everything that is C++. Measured: 26 processor minutes to build without ccache.
if wants asan sanitizer && fits asan 1200; then sanitizer asan 2400 '' && sanitized_programs asan; fi
# ThreadSanitizer goes where threads are: the runtime, the stores, the activity host, the HTTP server, the program. 15 such minutes.
threaded='/(runtime|persistence|contract|activities|http|http_v2)/'
if wants tsan sanitizer && fits tsan 900; then sanitizer tsan 1800 "$threaded" && sanitized_programs tsan; fi
# One of them alone: the program is built, and nothing else.
case $ONLY in asan-* | tsan-*)
  if build release && build "${ONLY%%-*}" "$threaded"; then sanitized_programs "${ONLY%%-*}"; else echo "FAIL $ONLY: does not build"; FAILED=1; fi ;;
esac
finish
