// How much less a test does in a build with a sanitizer.
//
// A sanitizer looks at every access, unoptimised: measured 15 to 30 times the processor time of the release build. It needs to see each
// kind of run, not each number of them; the release build of the same test sees all. Bounds on processor time grow by the same factor.
//
//   for (std::uint64_t seed = 1; seed <= tests::fewer(100); ++seed)                 // 9 of them under a sanitizer
//   for (std::uint64_t at = 1; at <= operations; at += tests::sanitizer_factor)     // a prime: in step with nothing that repeats
#pragma once

#include <algorithm>
#include <cstdint>

namespace fermata::tests {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::uint64_t sanitizer_factor = 11;
#else
inline constexpr std::uint64_t sanitizer_factor = 1;
#endif

[[nodiscard]] constexpr std::uint64_t fewer(std::uint64_t count) { return std::max<std::uint64_t>(count / sanitizer_factor, 1); }

}  // namespace fermata::tests
