// Strings by code point (DMN 1.5, table 76), apart from those with regular expressions.
#include <unicode/ustring.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "processes/feel/builtins.h"

namespace fermata::feel {
namespace {

bool begins_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

std::int64_t code_points(std::string_view text) {
  return std::count_if(text.begin(), text.end(), begins_code_point);
}

// The byte where the code point number `index` (from 0) begins; the size beyond the last.
std::size_t byte_of(std::string_view text, std::int64_t index) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (begins_code_point(text[at]) && index-- == 0) return at;
  }
  return at;
}

Value substring(const Call& call) {
  const auto text = call.string(0);
  const auto start = call.number(1);
  if (!text || !start) return Value::null();
  const auto position = to_int64(*start);
  const std::int64_t size = code_points(*text);
  if (!position || *position == 0 || *position > size || *position < -size)
    return call.null_with("the start position is outside of the text");
  const std::int64_t first = *position > 0 ? *position - 1 : size + *position;
  std::int64_t length = size - first;
  if (!call.argument(2).is_null()) {
    const auto wanted = call.integer(2);
    if (!wanted) return Value::null();
    if (*wanted < 1) return call.null_with("the length must be at least 1");
    length = std::min(length, *wanted);
  } else if (call.given(2)) {
    return call.null_with("the length is null");
  }
  const std::size_t from = byte_of(*text, first);
  const std::string_view rest = text->substr(from);
  return call.made_string(std::string(rest.substr(0, byte_of(rest, length))));
}

Value string_length(const Call& call) {
  const auto text = call.string(0);
  return text ? Value::integer(code_points(*text)) : Value::null();
}

using CaseChange = int32_t (*)(UChar*, int32_t, const UChar*, int32_t, const char*, UErrorCode*);

Value change_case(const Call& call, CaseChange change) {
  const auto text = call.string(0);
  if (!text) return Value::null();
  call.charge(text->size() * 8);
  // Case mapping at most triples a text.
  std::vector<UChar> wide(text->size() + 1);
  std::vector<UChar> changed(text->size() * 3 + 1);
  std::string made(text->size() * 9 + 1, '\0');
  UErrorCode status = U_ZERO_ERROR;
  int32_t wide_size = 0;
  int32_t made_size = 0;
  u_strFromUTF8(wide.data(), static_cast<int32_t>(wide.size()), &wide_size, text->data(),
                static_cast<int32_t>(text->size()), &status);
  const int32_t changed_size =
      change(changed.data(), static_cast<int32_t>(changed.size()), wide.data(), wide_size, "", &status);
  u_strToUTF8(made.data(), static_cast<int32_t>(made.size()), &made_size, changed.data(), changed_size, &status);
  if (U_FAILURE(status)) return call.null_with("the text cannot be converted");
  made.resize(static_cast<std::size_t>(made_size));
  return Value::string(std::move(made));
}

Value upper_case(const Call& call) {
  return change_case(call, u_strToUpper);
}
Value lower_case(const Call& call) {
  return change_case(call, u_strToLower);
}

// memmem is linear, where std::string's find goes wrong over "xx...xy" in "xxxx...".
std::size_t position_of(const Call& call, std::string_view text, std::string_view match) {
  call.step(text.size() / 32);
  if (match.empty()) return 0;
  const void* found = ::memmem(text.data(), text.size(), match.data(), match.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

Value substring_before(const Call& call) {
  const auto text = call.string(0);
  const auto match = call.string(1);
  if (!text || !match) return Value::null();
  const std::size_t at = position_of(call, *text, *match);
  return call.made_string(at == std::string_view::npos ? std::string() : std::string(text->substr(0, at)));
}

Value substring_after(const Call& call) {
  const auto text = call.string(0);
  const auto match = call.string(1);
  if (!text || !match) return Value::null();
  const std::size_t at = position_of(call, *text, *match);
  return call.made_string(at == std::string_view::npos ? std::string() : std::string(text->substr(at + match->size())));
}

template <class Test>
Value test_strings(const Call& call, Test&& test) {
  const auto text = call.string(0);
  const auto match = call.string(1);
  return text && match ? Value::boolean(test(*text, *match)) : Value::null();
}

Value contains_text(const Call& call) {
  return test_strings(call, [&call](std::string_view text, std::string_view match) {
    return position_of(call, text, match) != std::string_view::npos;
  });
}
Value starts_with(const Call& call) {
  return test_strings(call, [](std::string_view text, std::string_view match) { return text.starts_with(match); });
}
Value ends_with(const Call& call) {
  return test_strings(call, [](std::string_view text, std::string_view match) { return text.ends_with(match); });
}

// string join(list, delimiter), and Camunda's extension with a prefix and a suffix.
Value string_join(const Call& call) {
  Value storage;
  const auto items = call.list(0, storage);
  if (!items) return Value::null();
  const Value& delimiter = call.single(1);
  if (!delimiter.is_null() && !delimiter.is_string()) return call.wrong_type(1, "string");
  std::string joined;
  bool first = true;
  for (const Value& item : *items) {
    call.step();
    if (item.is_null()) continue;  // as if it were not there
    if (!item.is_string()) return call.null_with("the list may hold strings only");
    const std::size_t before = joined.size();
    if (!std::exchange(first, false) && delimiter.is_string()) joined.append(delimiter.as_string());
    joined.append(item.as_string());
    call.charge(joined.size() - before);
  }
  if (!call.given(3)) return Value::string(std::move(joined));
  const auto prefix = call.string(2);
  const auto suffix = call.string(3);
  if (!prefix || !suffix) return Value::null();
  call.charge(joined.size() + prefix->size() + suffix->size());
  return Value::string(std::string(*prefix).append(joined).append(*suffix));
}

// Camunda's extensions.
std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\f\v";
  const std::size_t from = text.find_first_not_of(blank);
  return from == std::string_view::npos ? std::string_view()
                                        : text.substr(from, text.find_last_not_of(blank) - from + 1);
}

Value trim(const Call& call) {
  const auto text = call.string(0);
  if (!text) return Value::null();
  call.step(text->size() / 16);
  return call.made_string(std::string(trimmed(*text)));
}

Value is_blank(const Call& call) {
  const auto text = call.string(0);
  if (!text) return Value::null();
  call.step(text->size() / 16);
  return Value::boolean(trimmed(*text).empty());
}

Value to_base64(const Call& call) {
  static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto text = call.string(0);
  if (!text) return Value::null();
  call.charge(text->size() * 2);
  std::string made;
  for (std::size_t i = 0; i < text->size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, text->size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < count ? static_cast<unsigned char>((*text)[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) made += k <= count ? alphabet[group >> (18 - 6 * k) & 63] : '=';
  }
  return Value::string(std::move(made));
}

}  // namespace

void add_string_builtins(BuiltinTable& table) {
  table.push_back({"substring", {{{"string", "start position", "length"}, 2, substring}}});
  table.push_back({"string length", {{{"string"}, 1, string_length}}});
  table.push_back({"upper case", {{{"string"}, 1, upper_case}}});
  table.push_back({"lower case", {{{"string"}, 1, lower_case}}});
  table.push_back({"substring before", {{{"string", "match"}, 2, substring_before}}});
  table.push_back({"substring after", {{{"string", "match"}, 2, substring_after}}});
  table.push_back({"contains", {{{"string", "match"}, 2, contains_text}}});
  table.push_back({"starts with", {{{"string", "match"}, 2, starts_with}}});
  table.push_back({"ends with", {{{"string", "match"}, 2, ends_with}}});
  table.push_back(
      {"string join",
       {{{"list", "delimiter"}, 1, string_join}, {{"list", "delimiter", "prefix", "suffix"}, 4, string_join}}});
  table.push_back({"trim", {{{"string"}, 1, trim}}});
  table.push_back({"is blank", {{{"string"}, 1, is_blank}}});
  table.push_back({"to base64", {{{"value"}, 1, to_base64}}});
}

}  // namespace fermata::feel
