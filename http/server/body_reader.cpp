#include "http/server/body_reader.h"

#include <algorithm>

namespace fermata::http {

namespace {

constexpr std::size_t framing_line_max = 512;             // one chunk-size line with extension, or one trailer line
constexpr std::uint64_t framing_bytes_free = 16u << 10;   // trailers and extensions allowed in any case
constexpr std::uint64_t framing_bytes_per_body_byte = 8;  // a one-byte chunk costs five
constexpr std::size_t chunk_size_digits_max = 15;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

BodyReader::BodyReader(const MessageHead& head, std::size_t bytes_max)
    : bytes_max_(bytes_max), chunked_(head.chunked), remaining_(head.content_length.value_or(0)) {
  if (chunked_) {
    remaining_ = 0;
    return;
  }
  if (remaining_ > bytes_max_)
    refuse(413, "The body is larger than the " + std::to_string(bytes_max_) + " bytes allowed here.");
  else if (remaining_ == 0)
    status_ = Status::complete;
}

void BodyReader::feed(std::string& buffer) {
  if (status_ != Status::need_more) return;
  std::size_t used = 0;
  if (chunked_) {
    used = feed_chunked(buffer);
  } else {
    used = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, buffer.size()));
    body_.append(buffer, 0, used);
    remaining_ -= used;
    if (remaining_ == 0) status_ = Status::complete;
  }
  buffer.erase(0, used);
}

std::size_t BodyReader::feed_chunked(std::string_view bytes) {
  std::size_t used = 0;
  while (status_ == Status::need_more && used < bytes.size()) {
    const std::string_view rest = bytes.substr(used);
    if (part_ != Part::data) {
      const std::size_t line = read_line(rest);
      if (line == 0) break;
      used += line;
      continue;
    }
    const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, rest.size()));
    body_.append(rest.substr(0, take));
    used += take;
    remaining_ -= take;
    if (remaining_ == 0) part_ = Part::data_end;
  }
  return used;
}

/// Uses one line of framing when it is there in full: its length with CR LF, or 0.
std::size_t BodyReader::read_line(std::string_view bytes) {
  const std::size_t end = bytes.substr(0, framing_line_max).find('\n');
  if (end == std::string_view::npos) {
    if (bytes.size() >= framing_line_max) refuse(400, "A line of the chunked body is too long.");
    return 0;
  }
  framing_bytes_ += end + 1;
  if (end == 0 || bytes[end - 1] != '\r') {
    refuse(400, "A line of the chunked body does not end with CR LF.");
  } else if (framing_bytes_ > framing_bytes_free + framing_bytes_per_body_byte * body_.size()) {
    refuse(400, "The chunked body has more framing than content.");
  } else {
    on_line(bytes.substr(0, end - 1));
  }
  return end + 1;
}

void BodyReader::on_line(std::string_view line) {
  switch (part_) {
    case Part::size_line:
      on_size_line(line);
      return;
    case Part::data_end:
      if (!line.empty()) refuse(400, "A chunk is longer than its announced size.");
      part_ = Part::size_line;
      return;
    case Part::trailer:
      if (line.empty()) status_ = Status::complete;  // trailer fields are dropped: nothing here gives them a meaning
      return;
    case Part::data:
      return;
  }
}

void BodyReader::on_size_line(std::string_view line) {
  const std::string_view digits = line.substr(0, line.find_first_of("; \t"));
  const bool all_hex = std::all_of(digits.begin(), digits.end(), [](char c) { return hex_digit(c) >= 0; });
  const bool printable =
      std::all_of(line.begin(), line.end(), [](char c) { return c == '\t' || (c >= 0x20 && c < 0x7f); });
  if (digits.empty() || !all_hex || !printable) return refuse(400, "A chunk size is not a hexadecimal number.");
  if (digits.size() > chunk_size_digits_max) return refuse(413, "A chunk is larger than any body allowed here.");
  remaining_ = 0;
  for (const char c : digits) remaining_ = remaining_ * 16 + static_cast<std::uint64_t>(hex_digit(c));
  if (remaining_ > bytes_max_ - body_.size()) {
    return refuse(413, "The body is larger than the " + std::to_string(bytes_max_) + " bytes allowed here.");
  }
  part_ = remaining_ == 0 ? Part::trailer : Part::data;
}

void BodyReader::refuse(int status, std::string reason) {
  status_ = Status::refused;
  refusal_ = {status, std::move(reason)};
}

}  // namespace fermata::http
