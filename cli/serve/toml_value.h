// A TOML file as a Value, so that it is read with the same strict reader as every other input.
//
//   Result<Value> config = read_toml_file("/etc/fermata/fermata.toml");   // {"server": {"port": 8080}, ...}
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/base/value.h"

namespace fermata::cli {

/// invalid_argument with "file:line:column: what"; not_found when it cannot be read. Dates become their text.
[[nodiscard]] Result<Value> read_toml_file(const std::string& path);
[[nodiscard]] Result<Value> read_toml(std::string_view text, const std::string& name);

}  // namespace fermata::cli
