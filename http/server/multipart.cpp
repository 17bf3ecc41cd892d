#include "http/server/multipart.h"

#include <algorithm>

namespace fermata::http {

namespace {

constexpr std::size_t parts_max = 256;
constexpr std::size_t part_headers_bytes_max = 8u << 10;
constexpr std::size_t boundary_length_max = 70;  // RFC 2046, 5.1.1

tl::unexpected<Error> wrong(std::string what) {
  return fail(ErrorCode::invalid_argument, "The multipart body is wrong: " + what);
}

Result<Part> read_part_headers(std::string_view lines) {
  Part part;
  bool named = false;
  while (!lines.empty()) {
    const std::size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    lines = end == std::string_view::npos ? std::string_view{} : lines.substr(end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return wrong("a part has a header line without a colon.");
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim(line.substr(colon + 1));
    if (equals_ignoring_case(name, "Content-Type")) part.content_type = value;
    if (!equals_ignoring_case(name, "Content-Disposition")) continue;
    if (auto found = header_parameter(value, "name")) {
      part.name = std::move(*found);
      named = true;
    }
    part.filename = header_parameter(value, "filename");
  }
  if (!named) return wrong("a part has no name in its Content-Disposition.");
  if (!is_valid_utf8(part.name) || !is_valid_utf8(part.filename.value_or("")))
    return wrong("a part's name is not UTF-8.");
  return part;
}

}  // namespace

std::optional<std::string> header_parameter(std::string_view value, std::string_view name) {
  std::size_t at = value.find(';');
  while (at != std::string_view::npos && at < value.size()) {
    std::string_view rest = trim(value.substr(at + 1));
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const bool wanted = equals_ignoring_case(trim(rest.substr(0, equals)), name);
    rest = rest.substr(equals + 1);
    std::string text;
    std::size_t used = 0;
    if (rest.starts_with('"')) {
      for (used = 1; used < rest.size() && rest[used] != '"'; ++used) {
        // Only quotes and backslashes are escaped: browsers send Windows paths unescaped.
        if (rest[used] == '\\' && used + 1 < rest.size() && (rest[used + 1] == '"' || rest[used + 1] == '\\')) ++used;
        text.push_back(rest[used]);
      }
    } else {
      used = std::min(rest.find(';'), rest.size());
      text = trim(rest.substr(0, used));
    }
    if (wanted) return text;
    const auto offset = static_cast<std::size_t>(rest.data() - value.data());
    at = value.find(';', offset + used);
  }
  return std::nullopt;
}

Result<std::vector<Part>> parse_multipart(std::string_view body, std::string_view content_type) {
  const auto boundary = header_parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > boundary_length_max) {
    return wrong("its Content-Type names no boundary of 1 to 70 characters.");
  }
  const std::string delimiter = "\r\n--" + *boundary;
  const std::string_view first = std::string_view(delimiter).substr(2);
  std::size_t at = 0;
  if (!body.starts_with(first)) {  // a preamble may come before the first delimiter
    at = body.find(delimiter);
    if (at == std::string_view::npos) return wrong("its boundary does not occur.");
    at += 2;
  }
  at += first.size();

  std::vector<Part> parts;
  while (!body.substr(at).starts_with("--")) {
    if (parts.size() == parts_max) return wrong("it has more than 256 parts.");
    const std::size_t line_end = body.find("\r\n", at);
    if (line_end == std::string_view::npos || !trim(body.substr(at, line_end - at)).empty())
      return wrong("a boundary line is broken.");
    const std::size_t head_end = body.substr(line_end, part_headers_bytes_max + 4).find("\r\n\r\n");
    if (head_end == std::string_view::npos) return wrong("the headers of a part have no end within 8 KiB.");
    const std::size_t content = line_end + head_end + 4;
    const std::size_t content_end = body.find(delimiter, content);
    if (content_end == std::string_view::npos) return wrong("its last part has no closing boundary.");
    auto part = read_part_headers(head_end == 0 ? std::string_view{} : body.substr(line_end + 2, head_end - 2));
    if (!part) return fail(part.error());
    part->body = body.substr(content, content_end - content);
    parts.push_back(std::move(*part));
    at = content_end + delimiter.size();
  }
  return parts;
}

}  // namespace fermata::http
