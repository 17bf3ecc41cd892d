// Resolving the secrets that a model names in the input of a call: in the text of its author, and nowhere else.
//
// A reference that came through a variable may have been sent by a stranger, who would be handed the secret by whatever
// the call talks to. So a text counts as the author's only if the mappings give it without any variable, at this very
// place and word for word.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace fermata::activities {

/// `input_json` with the references resolved in those texts that `fixed_input_json` has at the same place; empty if
/// there is none. Fails if a secret cannot be had, or if one of the two is not JSON.
[[nodiscard]] Result<std::string> with_resolved_secrets(
    std::string_view input_json, std::string_view fixed_input_json,
    const std::function<Result<std::string>(std::string_view name)>& secret);

}  // namespace fermata::activities
