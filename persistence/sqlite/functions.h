// SQL functions of ours, so that a query means in SQLite what persistence/query/match.h says.
#pragma once

#include "persistence/sqlite/database.h"

namespace fermata::sqlite {

/// fermata_like(text, pattern); fermata_value_fulfils(json or NULL, operator, JSON list of operands).
/// A comparison that takes too many steps ends the statement with limit_exceeded.
[[nodiscard]] Result<void> register_functions(Database& database);

}  // namespace fermata::sqlite
