// decode_to_utf8: the bytes of an XML file as UTF-8 text, whatever encoding its mark or declaration names.
//
// UTF-8 (with or without a byte order mark), US-ASCII, ISO-8859-1, Windows-1252 and UTF-16 are read; any other encoding
// is refused by name. Pure, linear.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace fermata::xml {

/// The text without byte order mark. Validity of UTF-8 is not checked here: prescan() does, with the position.
/// Errors: invalid_argument for an encoding that is not read or for broken UTF-16.
[[nodiscard]] Result<std::string> decode_to_utf8(std::string_view bytes);

}  // namespace fermata::xml
