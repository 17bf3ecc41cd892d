// ObjectReader: takes the fields of a JSON object one by one, and remembers the first thing that is wrong with it.
//
// Floor 7. A getter answers nothing for a field that is absent, null, or wrong; ask error() once at the end. A field
// that nobody asked for is an error of finish(): what the server would ignore, it refuses.
//
//   ObjectReader body(*parsed, "");
//   auto retries = body.integer("retries");
//   auto message = body.text("errorMessage");
//   body.finish();
//   if (!body.ok()) return bad_request(body.error());   // "The field 'retries' must be a whole number, not the string
//   \"three\"."
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.h"
#include "engine/base/value.h"

namespace fermata::http {

class ObjectReader {
 public:
  /// `path` is put before the names of the fields in messages ("filter.", "" at the top). The object must outlive the
  /// reader.
  ObjectReader(const Value& object, std::string path);

  [[nodiscard]] std::optional<std::string> text(std::string_view name);
  [[nodiscard]] std::string required_text(std::string_view name);  ///< "" when it is missing; then error() says so
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name);  ///< a number, or its decimal text
  [[nodiscard]] std::optional<std::int32_t> integer32(std::string_view name);
  [[nodiscard]] std::optional<bool> flag(std::string_view name);
  [[nodiscard]] std::optional<Timestamp> time(std::string_view name);
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view name);
  /// The entries of an object as variables.
  [[nodiscard]] Variables variables(std::string_view name);
  /// The field itself, or nullptr when it is absent or null.
  [[nodiscard]] const Value* find(std::string_view name);
  [[nodiscard]] const Value* object(std::string_view name);
  [[nodiscard]] const Value* list(std::string_view name);
  /// Known, and of no consequence here.
  void accept(std::string_view name) { known_.emplace(name); }

  /// Refuses fields that nobody has asked for.
  void finish();
  void refuse(std::string message);  ///< keeps the first message

  [[nodiscard]] bool ok() const { return error_.empty(); }
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  void wrong(std::string_view name, std::string_view expected, const Value& found);

  const Value& object_;
  std::string path_;
  std::set<std::string, std::less<>> known_;
  std::string error_;
};

/// The tenant of this server, the only one.
inline constexpr std::string_view default_tenant = "<default>";

}  // namespace fermata::http
