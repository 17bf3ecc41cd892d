// The product's version, as CMakeLists.txt (project VERSION) says it.
#pragma once

#include <string_view>

namespace fermata::cli {

inline constexpr std::string_view version = FERMATA_VERSION;

}  // namespace fermata::cli
