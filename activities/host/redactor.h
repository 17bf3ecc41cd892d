// Redactor: blots secrets out of everything a call logs or reports, also where the other side echoes them. Not
// thread-safe.
//
// Knows each value in the forms in which it travels: as it is, percent-encoded, and as base64. In JSON it looks at
// decoded strings, member names and numbers, so that no escape hides a secret.
//
//   Redactor redactor;
//   redactor.add("hunter22");
//   redactor.text("password hunter22 refused")   ->  "password *** refused"
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace fermata::activities {

class Redactor {
 public:
  /// Shorter values are not accepted: blotting them out would tear holes in ordinary text and betray them by that.
  static constexpr std::size_t secret_bytes_min = 4;

  /// False if the value is too short to be blotted out.
  bool add(std::string_view value);

  [[nodiscard]] std::string text(std::string_view text) const;

  /// The same for a JSON document; invalid_argument if it is not one. Numbers and the order of members are kept.
  [[nodiscard]] Result<std::string> json(std::string_view text) const;

 private:
  void add_form(std::string form);

  std::vector<std::string> forms_;  // longest first, so that a value containing another one goes as a whole
};

}  // namespace fermata::activities
