#include "engine/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace fermata::detail {

void check_failed(const char* condition, const char* why, const char* file, int line) noexcept {
  std::fprintf(stderr, "%s:%d: broken invariant: %s (%s)\n", file, line, why, condition);
  std::abort();
}

}  // namespace fermata::detail
