// SQLite's result codes as our Errors, and which of them end the life of a store.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

struct sqlite3;
struct sqlite3_context;
struct sqlite3_stmt;

namespace fermata::sqlite {

/// Full disk: resource_exhausted. I/O trouble, a failed sync, a damaged file: data_loss. Locked by somebody else: unavailable.
/// Interrupted by its deadline: deadline_exceeded. A broken constraint is a defect of ours: internal.
[[nodiscard]] Error error_of(sqlite3* database, int code, std::string_view doing);
[[nodiscard]] Error error_of(sqlite3_stmt* statement, int code);

/// A function of ours gives its statement up: error_of() makes limit_exceeded of it, with this message and nothing else.
void give_up(sqlite3_context* context, const std::string& message);

}  // namespace fermata::sqlite
