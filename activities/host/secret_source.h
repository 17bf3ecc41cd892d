// SecretSource: the secrets by name, from a file only its owner may read and from the environment. Immutable, so
// thread-safe.
//
// The file has lines `NAME = value`; `#` starts a comment line; a value may stand in double quotes to keep its spaces.
// The environment gives FERMATA_SECRET_<NAME>, and the file wins. Both are read once, when the source is made.
//
//   Result<SecretSource> secrets = SecretSource::load("/etc/fermata/secrets");
//   secrets->find("ERP_PASSWORD")
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace fermata::activities {

class SecretSource {
 public:
  /// No secrets at all.
  SecretSource() = default;

  /// Only what the environment has.
  [[nodiscard]] static SecretSource from_environment();

  /// The file and the environment. Refused: a file that is missing, too large (1 MiB), readable by group or others,
  /// owned by another user, or with a line that is no `NAME = value`; names the line, never the value.
  [[nodiscard]] static Result<SecretSource> load(const std::string& path);

  /// For tests and embedders.
  [[nodiscard]] static SecretSource of(std::map<std::string, std::string, std::less<>> values);

  [[nodiscard]] std::optional<std::string> find(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace fermata::activities
