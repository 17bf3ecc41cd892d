// FERMATA_CHECK: assertions that stay on in release.
//
// A broken check means a defect of ours: it prints what broke and where, and aborts the process, because going on with a broken
// invariant could store it. Input from outside never reaches a check: it is refused with a Result.
//
//   FERMATA_CHECK(scope.active_children >= 0, "a scope cannot have fewer than no children");
#pragma once

namespace fermata::detail {
[[noreturn]] void check_failed(const char* condition, const char* why, const char* file, int line) noexcept;
}

#define FERMATA_CHECK(condition, why)                                                     \
  do {                                                                                    \
    if (!(condition)) [[unlikely]]                                                        \
      ::fermata::detail::check_failed(#condition, (why), __FILE__, __LINE__);             \
  } while (false)
