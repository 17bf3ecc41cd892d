#include "persistence/query/cursor.h"

#include <array>

namespace fermata::query {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

void append_number(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xff);
}

bool take_number(std::string_view& bytes, std::uint64_t& number) {
  if (bytes.size() < 8) return false;
  number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
  bytes.remove_prefix(8);
  return true;
}

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0 || hex.size() > 64 * 1024) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const std::size_t high = digits.find(hex[i]), low = digits.find(hex[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

}  // namespace

std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

std::string make_cursor(const std::vector<Scalar>& position, std::uint64_t order_print) {
  std::string bytes;
  append_number(bytes, order_print);
  for (const Scalar& scalar : position) {
    bytes += static_cast<char>(scalar.kind);
    append_number(bytes, scalar.kind == Scalar::Kind::text ? scalar.text.size() : static_cast<std::uint64_t>(scalar.integer));
    if (scalar.kind == Scalar::Kind::text) bytes += scalar.text;
  }
  append_number(bytes, checksum(bytes));
  return to_hex(bytes);
}

std::optional<std::vector<Scalar>> decode_cursor(std::string_view cursor, std::uint64_t order_print, std::size_t size) {
  const std::optional<std::string> whole = from_hex(cursor);
  if (!whole || whole->size() < 16) return std::nullopt;
  std::string_view bytes(*whole);
  std::string_view tail = bytes.substr(bytes.size() - 8);
  bytes.remove_suffix(8);
  std::uint64_t sum = 0, print = 0;
  if (!take_number(tail, sum) || sum != checksum(bytes) || !take_number(bytes, print) || print != order_print) return std::nullopt;
  std::vector<Scalar> position;
  while (!bytes.empty()) {
    Scalar scalar;
    const auto kind = static_cast<unsigned char>(bytes.front());
    if (kind > static_cast<unsigned char>(Scalar::Kind::text)) return std::nullopt;
    scalar.kind = static_cast<Scalar::Kind>(kind);
    bytes.remove_prefix(1);
    std::uint64_t number = 0;
    if (!take_number(bytes, number)) return std::nullopt;
    if (scalar.kind == Scalar::Kind::text) {
      if (number > bytes.size()) return std::nullopt;
      scalar.text = bytes.substr(0, number);
      bytes.remove_prefix(number);
    } else {
      scalar.integer = static_cast<std::int64_t>(number);
    }
    position.push_back(std::move(scalar));
  }
  if (position.size() != size) return std::nullopt;
  return position;
}

}  // namespace fermata::query
