// What is looked at before and after a database file is opened, so that a foreign or damaged file is refused and never made anew.
//
// Floor 5, persistence/sqlite only. The checks are bounded: a start must stay below a second with a million stored instances, so a
// full check of a large file is left to `fermata` tools (OpenCheck::full).
#pragma once

#include <string>

#include "persistence/sqlite/database.h"

namespace fermata::sqlite {

/// True when there is a file to open, false when one must be made. A file that is empty, cut off, of another program, or missing
/// although its log is there: data_loss, saying what was found and what to do.
[[nodiscard]] Result<bool> check_file(const std::string& path);

/// Makes a new database under another name, migrated and synced, and then gives it its name: a kill on the way leaves no half file.
[[nodiscard]] Result<void> create_database(const Database::Options& options);

/// Structure of the opened file. Small files (a few MiB) are checked whole; of large ones the edges of every table, unless `full`.
[[nodiscard]] Result<void> check_structure(Database& database, bool full);

}  // namespace fermata::sqlite
