// Reading a Tryton job: each field from the model's headers first, then from the input.
#pragma once

#include <string>
#include <string_view>

#include "activities/sdk/call.h"

namespace fermata::tryton {

/// Empty if absent. Throws sdk::InputError if it is no text.
[[nodiscard]] std::string text_input(const sdk::Call& call, std::string_view name);
[[nodiscard]] std::string required_text(const sdk::Call& call, std::string_view name);
/// Null if absent; text of a header is parsed. Throws sdk::InputError.
[[nodiscard]] sdk::Json json_input(const sdk::Call& call, std::string_view name);
/// The output with its main value under `resultVariable`, by default "result".
[[nodiscard]] std::string result_name(const sdk::Call& call);

}  // namespace fermata::tryton
