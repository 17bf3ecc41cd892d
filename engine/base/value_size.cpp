#include "engine/base/value_size.h"

namespace fermata {
namespace {

constexpr std::size_t scalar_bytes = 8;
constexpr std::size_t punctuation_bytes = 4;  // quotes and what stands between two parts

void count(const Value& value, std::size_t& bytes, std::size_t at_most) {
  bytes += value.is_string() ? value.as_string().size() + punctuation_bytes : scalar_bytes;
  if (value.is_list()) {
    for (const Value& item : value.as_list()) {
      if (bytes > at_most) return;
      count(item, bytes, at_most);
    }
  } else if (value.is_context()) {
    for (const Value::Entry& entry : value.as_context()) {
      if (bytes > at_most) return;
      bytes += entry.key.size() + punctuation_bytes;
      count(entry.value, bytes, at_most);
    }
  }
}

}  // namespace

std::size_t text_bytes(const Value& value, std::size_t at_most) {
  std::size_t bytes = 0;
  count(value, bytes, at_most);
  return bytes;
}

}  // namespace fermata
