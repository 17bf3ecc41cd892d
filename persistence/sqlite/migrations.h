// Migrations: numbered, forward only, each in its own transaction, so that a kill between or within them is harmless.
//
// The number of the last one that was applied is the file's user_version. persistence/schema/NNNN_*.sql are embedded at build time;
// a migration that has been released is never edited, a new one is added.
#pragma once

#include <span>
#include <string_view>

#include "persistence/sqlite/database.h"

namespace fermata::sqlite {

struct Migration {
  int number = 0;
  std::string_view name;
  const char* sql = nullptr;
};

/// In ascending order, without gaps, starting at 1.
[[nodiscard]] std::span<const Migration> embedded_migrations();

/// "FMTA": tells our files from those of other programs.
inline constexpr std::int64_t application_id = 0x464D5441;

/// Applies what is missing. A file that is newer than this program is refused with conflict.
[[nodiscard]] Result<void> migrate(Database& database, std::span<const Migration> migrations);

}  // namespace fermata::sqlite
