#include "persistence/sqlite/functions.h"

#include <sqlite3.h>

#include <memory>
#include <string_view>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "persistence/query/match.h"
#include "persistence/sqlite/errors.h"

namespace fermata::sqlite {
namespace {

std::string_view text_of(sqlite3_value* value) {
  const unsigned char* data = sqlite3_value_text(value);
  return data == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(data), static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

void like(sqlite3_context* context, int, sqlite3_value** arguments) {
  query::Effort effort;
  const bool fits = query::is_like(text_of(arguments[0]), text_of(arguments[1]), effort);
  if (effort.spent) return give_up(context, query::too_costly().message);
  sqlite3_result_int(context, fits ? 1 : 0);
}

using Operands = std::vector<Value>;

/// The operands are the same for every row: parsed once per statement.
const Operands* operands_of(sqlite3_context* context, sqlite3_value* json, std::unique_ptr<Operands>& owned) {
  if (auto* kept = static_cast<const Operands*>(sqlite3_get_auxdata(context, 2))) return kept;
  const Result<Value> list = parse_json(text_of(json), limits::value_depth_max + 1);
  if (!list || !list->is_list()) return nullptr;
  owned = std::make_unique<Operands>(list->as_list().begin(), list->as_list().end());
  return owned.get();
}

void value_fulfils(sqlite3_context* context, int, sqlite3_value** arguments) {
  Value actual;
  if (sqlite3_value_type(arguments[0]) != SQLITE_NULL) {
    Result<Value> parsed = parse_json(text_of(arguments[0]), limits::value_depth_max + 50);
    if (!parsed) return sqlite3_result_error(context, "a stored variable is not JSON", -1);
    actual = std::move(*parsed);
  }
  std::unique_ptr<Operands> owned;
  const Operands* operands = operands_of(context, arguments[2], owned);
  if (operands == nullptr) return sqlite3_result_error(context, "operands are not a JSON list", -1);
  const auto op = static_cast<query::Op>(sqlite3_value_int(arguments[1]));
  query::Effort effort;
  const bool fits = query::fulfils(actual, op, *operands, effort);
  if (effort.spent) return give_up(context, query::too_costly().message);
  sqlite3_result_int(context, fits ? 1 : 0);
  if (owned) sqlite3_set_auxdata(context, 2, owned.release(), [](void* kept) { delete static_cast<Operands*>(kept); });
}

}  // namespace

Result<void> register_functions(Database& database) {
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  int code = sqlite3_create_function_v2(database.handle(), "fermata_like", 2, flags, nullptr, like, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) {
    code = sqlite3_create_function_v2(database.handle(), "fermata_value_fulfils", 3, flags, nullptr, value_fulfils, nullptr, nullptr, nullptr);
  }
  if (code != SQLITE_OK) return fail(error_of(database.handle(), code, "cannot register SQL functions"));
  return {};
}

}  // namespace fermata::sqlite
