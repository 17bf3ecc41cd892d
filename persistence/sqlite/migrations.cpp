#include "persistence/sqlite/migrations.h"

#include <string>

namespace fermata::sqlite {
namespace {

Result<void> apply_one(Database& database, const Migration& migration) {
  const std::string sql = "BEGIN IMMEDIATE; " + std::string(migration.sql) +
                          "; PRAGMA application_id = " + std::to_string(application_id) +
                          "; PRAGMA user_version = " + std::to_string(migration.number) + "; COMMIT";
  auto done = database.execute(sql.c_str());
  if (done) return {};
  if (database.in_transaction()) (void)database.execute("ROLLBACK");
  Error error = done.error();
  error.message = "migration " + std::string(migration.name) + " failed and was rolled back: " + error.message;
  return fail(std::move(error));
}

}  // namespace

Result<void> migrate(Database& database, std::span<const Migration> migrations) {
  const Result<std::int64_t> found = database.integer("PRAGMA user_version");
  if (!found) return fail(found.error());
  const std::int64_t newest = migrations.empty() ? 0 : migrations.back().number;
  if (*found > newest) {
    return fail(ErrorCode::conflict, "the database has schema version " + std::to_string(*found) +
                                         ", but this program knows versions up to " + std::to_string(newest) +
                                         ": it was written by a newer Fermata; use that, or restore a backup");
  }
  for (const Migration& migration : migrations) {
    if (migration.number <= *found) continue;
    if (auto done = apply_one(database, migration); !done) return done;
  }
  return {};
}

}  // namespace fermata::sqlite
