// The bodies of json.h, kept apart so that the interface reads on one page. Include json.h, not this.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <unordered_map>

#include "activities/sdk/json.h"
#include "activities/sdk/utf8.h"

namespace fermata::sdk {

namespace detail {

/// A recursive-descent reader with a bounded depth; position in bytes.
class JsonReader {
 public:
  JsonReader(std::string_view text, int depth_max) : text_(text), depth_left_(depth_max) {}

  Json document() {
    Json value = this->value();
    skip_space();
    if (at_ != text_.size()) refuse("text after the end of the document");
    return value;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw JsonError("invalid JSON at byte " + std::to_string(at_) + ": " + why);
  }

  [[nodiscard]] char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() noexcept {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }

  bool accept(char wanted) noexcept {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void require(char wanted) {
    if (!accept(wanted)) refuse(std::string("expected '") + wanted + "'");
  }

  void literal(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) refuse("unknown word");
    at_ += word.size();
  }

  Json value() {
    skip_space();
    switch (peek()) {
      case '{':
        return object();
      case '[':
        return array();
      case '"':
        return Json(string());
      case 't':
        literal("true");
        return Json(true);
      case 'f':
        literal("false");
        return Json(false);
      case 'n':
        literal("null");
        return Json();
      default:
        return number();
    }
  }

  Json object() {
    if (depth_left_-- == 0) refuse("nested too deeply");
    ++at_;
    std::vector<Json::Member> members;
    if (!accept('}')) {
      do {
        skip_space();
        if (peek() != '"') refuse("expected a member name");
        std::string key = string();
        require(':');
        members.emplace_back(std::move(key), value());
      } while (accept(','));
      require('}');
    }
    ++depth_left_;
    return Json::object_of(std::move(members));
  }

  Json array() {
    if (depth_left_-- == 0) refuse("nested too deeply");
    ++at_;
    Json result = Json::array();
    if (!accept(']')) {
      do result.push(value());
      while (accept(','));
      require(']');
    }
    ++depth_left_;
    return result;
  }

  std::size_t digits() noexcept {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ - from;
  }

  Json number() {
    const std::size_t from = at_;
    if (peek() == '-') ++at_;
    const bool leading_zero = peek() == '0';
    const std::size_t whole = digits();
    if (whole == 0) refuse("expected a value");
    if (leading_zero && whole > 1) refuse("a number with a leading zero");
    if (peek() == '.') {
      ++at_;
      if (digits() == 0) refuse("expected digits after the decimal point");
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (digits() == 0) refuse("expected digits in the exponent");
    }
    Json result;
    result.kind_ = Json::Kind::number;
    result.text_ = text_.substr(from, at_ - from);
    return result;
  }

  std::uint32_t hex4() {
    std::uint32_t code = 0;
    const auto piece = text_.substr(at_, 4);
    const auto [end, error] = std::from_chars(piece.data(), piece.data() + piece.size(), code, 16);
    if (error != std::errc{} || end != piece.data() + 4) refuse("expected four hexadecimal digits");
    at_ += 4;
    return code;
  }

  void escape(std::string& out) {
    const char kind = peek();
    ++at_;
    switch (kind) {
      case '"':
      case '\\':
      case '/':
        out += kind;
        return;
      case 'b':
        out += '\b';
        return;
      case 'f':
        out += '\f';
        return;
      case 'n':
        out += '\n';
        return;
      case 'r':
        out += '\r';
        return;
      case 't':
        out += '\t';
        return;
      case 'u':
        break;
      default:
        refuse("unknown escape");
    }
    std::uint32_t code = hex4();
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      at_ += 2;
      const std::uint32_t low = hex4();
      if (low < 0xDC00 || low > 0xDFFF) refuse("a high surrogate without its low one");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code >= 0xD800 && code < 0xE000) {
      refuse("a lone surrogate");
    }
    append_utf8(out, code);
  }

  std::string string() {
    ++at_;
    std::string out;
    for (;;) {
      if (at_ >= text_.size()) refuse("a string without an end");
      const char c = text_[at_];
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < 0x20) refuse("a control character inside a string");
      ++at_;
      if (c == '\\') {
        escape(out);
      } else {
        out += c;
      }
    }
    ++at_;
    if (!is_valid_utf8(out)) refuse("a string that is not UTF-8");
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_left_;
};

}  // namespace detail

inline Json Json::number(std::string_view text) {
  Json value = parse(text, 0);
  value.expect(Kind::number);
  if (value.text_ != text) throw JsonError("not a JSON number");
  return value;
}

inline Json Json::array(std::vector<Json> items) {
  Json value;
  value.kind_ = Kind::array;
  value.items_ = std::move(items);
  return value;
}

inline Json Json::object(std::initializer_list<Member> members) {
  Json value;
  value.kind_ = Kind::object;
  for (const Member& member : members) value.set(member.first, member.second);
  return value;
}

inline Json Json::object_of(std::vector<Member> members) {
  constexpr std::size_t small = 16;  // below it looking through all members is quicker than hashing
  if (members.size() <= small) {
    Json value = object();
    for (Member& member : members) value.set(std::move(member.first), std::move(member.second));
    return value;
  }
  std::unordered_map<std::string, std::size_t> places;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto [place, is_new] = places.try_emplace(members[i].first, kept);
    if (is_new && kept != i) members[kept] = std::move(members[i]);
    if (!is_new) members[place->second].second = std::move(members[i].second);
    kept += is_new ? 1 : 0;
  }
  members.resize(kept);
  Json value = object();
  value.members_ = std::move(members);
  return value;
}

inline Json Json::parse(std::string_view text, int depth_max) {
  return detail::JsonReader(text, depth_max).document();
}

inline std::int64_t Json::as_int() const {
  std::string_view text = number_text();
  if (text.size() > 2 && text.substr(text.size() - 2) == ".0") text.remove_suffix(2);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw JsonError("expected a whole number, found " + text_);
  return value;
}

inline const Json* Json::find(std::string_view key) const noexcept {
  for (const Member& member : members_) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

inline const Json& Json::at(std::string_view key) const {
  expect(Kind::object);
  if (const Json* found = find(key)) return *found;
  throw JsonError("the member \"" + std::string(key) + "\" is missing");
}

inline std::string Json::string_or(std::string_view key, std::string_view fallback) const {
  const Json* found = find(key);
  if (found == nullptr || found->is_null()) return std::string(fallback);
  if (!found->is_string()) throw JsonError("the member \"" + std::string(key) + "\" must be a string");
  return found->text_;
}

inline std::int64_t Json::int_or(std::string_view key, std::int64_t fallback) const {
  const Json* found = find(key);
  if (found == nullptr || found->is_null()) return fallback;
  if (!found->is_number()) throw JsonError("the member \"" + std::string(key) + "\" must be a number");
  return found->as_int();
}

inline bool Json::bool_or(std::string_view key, bool fallback) const {
  const Json* found = find(key);
  if (found == nullptr || found->is_null()) return fallback;
  if (!found->is_bool()) throw JsonError("the member \"" + std::string(key) + "\" must be true or false");
  return found->boolean_;
}

inline Json& Json::set(std::string key, Json value) {
  if (kind_ == Kind::null) kind_ = Kind::object;
  expect(Kind::object);
  for (Member& member : members_) {
    if (member.first == key) return member.second = std::move(value);
  }
  return members_.emplace_back(std::move(key), std::move(value)).second;
}

inline Json& Json::push(Json value) {
  if (kind_ == Kind::null) kind_ = Kind::array;
  expect(Kind::array);
  return items_.emplace_back(std::move(value));
}

inline void Json::append_string(std::string& out, std::string_view text) {
  const std::string repaired = is_valid_utf8(text) ? std::string() : repair_utf8(text);
  out += '"';
  for (const char c : repaired.empty() ? text : std::string_view(repaired)) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          char escaped[8];
          std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
          out += escaped;
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

inline void Json::append_to(std::string& out) const {
  switch (kind_) {
    case Kind::null:
      out += "null";
      return;
    case Kind::boolean:
      out += boolean_ ? "true" : "false";
      return;
    case Kind::number:
      out += text_;
      return;
    case Kind::string:
      append_string(out, text_);
      return;
    case Kind::array: {
      out += '[';
      for (std::size_t i = 0; i < items_.size(); ++i) {
        if (i > 0) out += ',';
        items_[i].append_to(out);
      }
      out += ']';
      return;
    }
    case Kind::object: {
      out += '{';
      for (std::size_t i = 0; i < members_.size(); ++i) {
        if (i > 0) out += ',';
        append_string(out, members_[i].first);
        out += ':';
        members_[i].second.append_to(out);
      }
      out += '}';
      return;
    }
  }
}

inline bool Json::operator==(const Json& other) const {
  if (kind_ != other.kind_) return false;
  switch (kind_) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return boolean_ == other.boolean_;
    case Kind::number:
    case Kind::string:
      return text_ == other.text_;
    case Kind::array:
      return items_ == other.items_;
    case Kind::object:
      break;
  }
  return members_.size() == other.members_.size() &&
         std::all_of(members_.begin(), members_.end(), [&](const Member& member) {
           const Json* theirs = other.find(member.first);
           return theirs != nullptr && *theirs == member.second;
         });
}

}  // namespace fermata::sdk
