// multipart/form-data (RFC 7578), bounded, without copying the parts.
//
//   parse_multipart(body, "multipart/form-data; boundary=x")  ->  parts that look into `body`
#pragma once

#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "http/server/request.h"

namespace fermata::http {

/// At most 256 parts, 8 KiB of headers each. invalid_argument says what is wrong with the body.
/// The views live as long as the bytes of `body`.
[[nodiscard]] Result<std::vector<Part>> parse_multipart(std::string_view body, std::string_view content_type);

/// The value of a parameter of a header such as Content-Type or Content-Disposition; quotes and their escapes are
/// resolved.
[[nodiscard]] std::optional<std::string> header_parameter(std::string_view value, std::string_view name);

}  // namespace fermata::http
