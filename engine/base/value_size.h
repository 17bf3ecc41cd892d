// How much a value is when it is written out. Values share their parts, so one that takes little memory may be an enormous text.
#pragma once

#include <cstddef>

#include "engine/base/value.h"

namespace fermata {

/// About the bytes of its JSON. Stops counting beyond `at_most`, so the time is bounded: then the answer is just larger than that.
[[nodiscard]] std::size_t text_bytes(const Value& value, std::size_t at_most);

}  // namespace fermata
