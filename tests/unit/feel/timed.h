// Evaluates what wants to hurt, and fails the test when it takes too long.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>
#include <string_view>

#include "tests/sanitized.h"
#include "tests/unit/feel/scope.h"

namespace fermata::feel::testing {

// Processor time of this thread, so that a busy machine does not matter.
inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// What is shipped is to end within 200 ms. That is measured (tests/bench/feel/run.sh prints the slowest), not held by the clock of a
// machine that others use as well: here only what does not end, or takes several times that. Sanitizers and debug builds are slower.
#if defined(__OPTIMIZE__)
inline constexpr bool as_shipped = tests::sanitizer_factor == 1;
#else
inline constexpr bool as_shipped = false;
#endif
inline constexpr double seconds_max = as_shipped ? 1 : 5;

/// The result as feel() shows it. FERMATA_HOSTILE_VERBOSE=1 prints what takes long.
inline std::string timed(std::string_view text, std::string_view variables = "{}", const CompileOptions& options = {}) {
  const auto once = [&](double& taken) {
    const double start = cpu_seconds();
    std::string result = feel(text, variables, options);
    taken = cpu_seconds() - start;
    return result;
  };
  double taken = 0;
  std::string result = once(taken);
  for (int i = 0; i < 3 && taken >= seconds_max; ++i) {  // others on the machine take its caches
    double again = 0;
    if (once(again) == result) taken = std::min(taken, again);
  }
  EXPECT_LT(taken, seconds_max) << text.substr(0, 100);
  if (std::getenv("FERMATA_HOSTILE_VERBOSE") != nullptr && taken > 0.02)
    std::cout << static_cast<int>(taken * 1000) << " ms: " << text.substr(0, 100) << " -> " << result.substr(0, 100)
              << "\n";
  return result;
}

}  // namespace fermata::feel::testing
