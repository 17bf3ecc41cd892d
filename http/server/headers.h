// Headers: the fields of a request or a response, in their order, found without regard to case (RFC 9110, 5.1).
//
//   Headers headers;
//   headers.add("Content-Type", "application/json");
//   headers.get("content-type")  ->  "application/json"
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::http {

/// ASCII only, as the protocol's names are.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);
[[nodiscard]] std::string to_lower_ascii(std::string_view text);
/// Without spaces and tabs at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);

struct Header {
  std::string name;
  std::string value;
};

class Headers {
 public:
  void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
  /// Replaces every field of that name by this one.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);

  /// The first field of that name; valid until the headers change.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  /// The first field of that name, or "".
  [[nodiscard]] std::string_view value(std::string_view name) const { return get(name).value_or(std::string_view{}); }
  [[nodiscard]] std::size_t count(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return get(name).has_value(); }

  [[nodiscard]] auto begin() const { return fields_.begin(); }
  [[nodiscard]] auto end() const { return fields_.end(); }
  [[nodiscard]] std::size_t size() const { return fields_.size(); }

 private:
  std::vector<Header> fields_;
};

}  // namespace fermata::http
