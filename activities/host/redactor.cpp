#include "activities/host/redactor.h"

#include <algorithm>

#include "activities/sdk/json.h"
#include "engine/base/limits.h"

namespace fermata::activities {
namespace {

constexpr std::string_view blot = "***";
constexpr std::size_t forms_max = 256;

std::string percent_encoded(std::string_view value) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : value) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

std::string base64(std::string_view value) {
  constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < value.size(); i += 3) {
    const auto byte = [&](std::size_t k) {
      return i + k < value.size() ? static_cast<unsigned char>(value[i + k]) : 0u;
    };
    const unsigned bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    out += alphabet[bits >> 18 & 63];
    out += alphabet[bits >> 12 & 63];
    out += i + 1 < value.size() ? alphabet[bits >> 6 & 63] : '=';
    out += i + 2 < value.size() ? alphabet[bits & 63] : '=';
  }
  return out;
}

sdk::Json redacted(const Redactor& redactor, const sdk::Json& value) {
  using Kind = sdk::Json::Kind;
  switch (value.kind()) {
    case Kind::null:
    case Kind::boolean:
      return value;
    case Kind::string:
      return sdk::Json(redactor.text(value.as_string()));
    case Kind::number: {
      std::string text = redactor.text(value.number_text());
      return text == value.number_text() ? value : sdk::Json(std::move(text));
    }
    case Kind::array: {
      sdk::Json out = sdk::Json::array();
      for (const sdk::Json& item : value.items()) out.push(redacted(redactor, item));
      return out;
    }
    case Kind::object:
      break;
  }
  std::vector<sdk::Json::Member> out;
  for (const auto& [key, member] : value.members()) out.emplace_back(redactor.text(key), redacted(redactor, member));
  return sdk::Json::object_of(std::move(out));
}

}  // namespace

void Redactor::add_form(std::string form) {
  if (forms_.size() >= forms_max || std::find(forms_.begin(), forms_.end(), form) != forms_.end()) return;
  forms_.push_back(std::move(form));
  std::sort(forms_.begin(), forms_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

bool Redactor::add(std::string_view value) {
  if (value.size() < secret_bytes_min) return false;
  add_form(std::string(value));
  add_form(percent_encoded(value));
  add_form(base64(value));
  // How it stands inside JSON text that is reported as plain text, for instance in an error detail.
  std::string quoted;
  sdk::Json::append_string(quoted, value);
  add_form(quoted.substr(1, quoted.size() - 2));
  return true;
}

std::string Redactor::text(std::string_view text) const {
  std::string out(text);
  for (const std::string& form : forms_) {
    for (std::size_t at = out.find(form); at != std::string::npos; at = out.find(form, at + blot.size())) {
      out.replace(at, form.size(), blot);
    }
  }
  return out;
}

Result<std::string> Redactor::json(std::string_view text) const {
  if (forms_.empty()) return std::string(text);
  try {
    return redacted(*this, sdk::Json::parse(text, static_cast<int>(limits::value_depth_max))).dump();
  } catch (const sdk::JsonError& error) {
    return fail(ErrorCode::invalid_argument, error.what());
  }
}

}  // namespace fermata::activities
